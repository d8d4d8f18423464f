package porttest

import (
	"errors"
	"net/netip"
	"slices"
	"testing"
	"time"

	"gatehouse/domain"
	"gatehouse/ports"
)

func events(t *testing.T, store ports.Store, filter ports.AuditFilter) (found []domain.AuditEvent) {
	t.Helper()
	view(t, store, func(r ports.Records) error {
		for event, err := range r.Audit().Events(filter) {
			if err != nil {
				return err
			}
			found = append(found, event)
		}
		return nil
	})
	return found
}

// sampleEvents are five events, a minute apart.
func sampleEvents() []domain.AuditEvent {
	all := []domain.AuditEvent{
		{Kind: domain.EventSignIn, Outcome: domain.OutcomeFailure, Reason: domain.ReasonUnknownAccount, Subject: "abcd", Client: Client()},
		{Kind: domain.EventSignIn, Outcome: domain.OutcomeSuccess, StaffID: staffID(1), Session: "s1", Client: Client()},
		{Kind: domain.EventTokenRefresh, Outcome: domain.OutcomeSuccess, StaffID: staffID(1), Session: "s1", PreviousAddress: Client().Address},
		{Kind: domain.EventSignIn, Outcome: domain.OutcomeSuccess, StaffID: staffID(2), Session: "s2"},
		{Kind: domain.EventStaffDeactivate, Outcome: domain.OutcomeSuccess, StaffID: staffID(1), Client: domain.Client{Actor: domain.Actor{Kind: domain.ActorOffice, Staff: staffID(2), Name: "root"}}},
	}
	for i := range all {
		all[i].At = Noon.Add(time.Duration(i) * time.Minute)
	}
	return all
}

func appendSamples(t *testing.T, store ports.Store) {
	t.Helper()
	for _, event := range sampleEvents() {
		update(t, store, func(r ports.Records) error { return r.Audit().Append(event) })
	}
}

func auditRoundTrip(t *testing.T, store ports.Store) {
	appendSamples(t, store)
	got, want := events(t, store, ports.AuditFilter{}), sampleEvents()
	if len(got) != len(want) {
		t.Fatalf("%d events come back, want %d", len(got), len(want))
	}
	for i, event := range got {
		expected := want[len(want)-1-i] // newest first
		expected.Sequence = int64(len(want) - i)
		if !event.At.Equal(expected.At) {
			t.Errorf("event %d is at %v, want %v", i, event.At, expected.At)
		}
		event.At = expected.At
		if event != expected {
			t.Errorf("event %d is %+v, want %+v", i, event, expected)
		}
	}
}

func auditFilter(t *testing.T, store ports.Store) {
	appendSamples(t, store)
	for name, test := range map[string]struct {
		filter ports.AuditFilter
		want   []int64
	}{
		"limit":   {ports.AuditFilter{Limit: 2}, []int64{5, 4}},
		"staff":   {ports.AuditFilter{Staff: staffID(1)}, []int64{5, 3, 2}},
		"kind":    {ports.AuditFilter{Kind: domain.EventSignIn}, []int64{4, 2, 1}},
		"outcome": {ports.AuditFilter{Outcome: domain.OutcomeFailure}, []int64{1}},
		"since":   {ports.AuditFilter{Since: Noon.Add(3 * time.Minute)}, []int64{5, 4}},
		"until":   {ports.AuditFilter{Until: Noon.Add(time.Minute)}, []int64{1}},
		"all":     {ports.AuditFilter{Staff: staffID(1), Kind: domain.EventSignIn, Outcome: domain.OutcomeSuccess, Since: Noon, Until: Noon.Add(time.Hour), Limit: 9}, []int64{2}},
		"nothing": {ports.AuditFilter{Staff: staffID(9)}, nil},
	} {
		got := events(t, store, test.filter)
		same := len(got) == len(test.want)
		for i := 0; same && i < len(got); i++ {
			same = got[i].Sequence == test.want[i]
		}
		if !same {
			t.Errorf("%s: events %v, want sequences %v", name, got, test.want)
		}
	}
}

func auditFilterByAddress(t *testing.T, store ports.Store) {
	replay := domain.AuditEvent{At: Noon, Kind: domain.EventTokenRefresh, PreviousAddress: netip.MustParseAddr("192.0.2.200")}
	modern := domain.AuditEvent{At: Noon, Kind: domain.EventSignIn, Client: domain.Client{Address: netip.MustParseAddr("2001:db8::7")}}
	appendSamples(t, store) // 1 and 2 come from 192.0.2.7, 3 was there before
	update(t, store, func(r ports.Records) error { return errors.Join(r.Audit().Append(replay), r.Audit().Append(modern)) })
	for network, want := range map[string][]int64{
		"192.0.2.7/32":    {3, 2, 1},
		"192.0.2.0/24":    {6, 3, 2, 1},
		"192.0.2.128/25":  {6},
		"2001:db8::/32":   {7},
		"2001:db8::8/128": nil,
		"0.0.0.0/0":       {6, 3, 2, 1},
	} {
		filter := ports.AuditFilter{Address: netip.MustParsePrefix(network)}
		for limit := 1; limit <= len(want)+1; limit++ { // what does not match does not count
			filter.Limit = limit
			var got []int64
			for _, event := range events(t, store, filter) {
				got = append(got, event.Sequence)
			}
			if !slices.Equal(got, want[:min(limit, len(want))]) {
				t.Errorf("%s: events %v, want the first %d of %v", network, got, limit, want)
			}
		}
	}
}
