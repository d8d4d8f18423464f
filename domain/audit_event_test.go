package domain_test

import (
	"errors"
	"testing"

	"gatehouse/domain"
	"gatehouse/ports/porttest"
)

func TestOutcomeOf(t *testing.T) {
	for reason, want := range map[domain.Reason]domain.Outcome{
		domain.ReasonUnknownAccount:        domain.OutcomeFailure,
		domain.ReasonWrongPassword:         domain.OutcomeFailure,
		domain.ReasonUnusablePassword:      domain.OutcomeFailure,
		domain.ReasonPasswordRefused:       domain.OutcomeFailure,
		domain.ReasonTokenInvalid:          domain.OutcomeFailure,
		domain.ReasonTokenExpired:          domain.OutcomeFailure,
		domain.ReasonTokenWrongType:        domain.OutcomeFailure,
		domain.ReasonTokenIncomplete:       domain.OutcomeFailure,
		domain.ReasonIssuedInFuture:        domain.OutcomeFailure,
		domain.ReasonNotValidYet:           domain.OutcomeFailure,
		domain.ReasonWrongIssuer:           domain.OutcomeFailure,
		domain.ReasonWrongAudience:         domain.OutcomeFailure,
		domain.ReasonNoSession:             domain.OutcomeFailure,
		domain.ReasonSessionEnded:          domain.OutcomeFailure,
		domain.ReasonSessionExpired:        domain.OutcomeFailure,
		domain.ReasonAccountDeleted:        domain.OutcomeFailure,
		domain.ReasonPasswordResetRequired: domain.OutcomeBlocked,
		domain.ReasonCrossSite:             domain.OutcomeBlocked,
		domain.ReasonInactive:              domain.OutcomeBlocked,
		domain.ReasonLeft:                  domain.OutcomeBlocked,
		domain.ReasonTooManyMails:          domain.OutcomeBlocked,
		domain.ReasonLinkExpired:           domain.OutcomeFailure,
		domain.ReasonLinkOutdated:          domain.OutcomeFailure,
	} {
		for _, public := range []error{domain.ErrInvalidCredentials, domain.ErrAccountInactive, domain.ErrTokenInvalid} {
			if got := domain.OutcomeOf(&domain.Refusal{Err: public, Reason: reason}); got != want {
				t.Errorf("the outcome of %q for %q is %q, want %q", public, reason, got, want)
			}
		}
	}
	if got := domain.OutcomeOf(nil); got != domain.OutcomeSuccess {
		t.Errorf("the outcome of no refusal is %q", got)
	}
	if got := domain.OutcomeOf(errors.New("a disk is broken")); got != domain.OutcomeFailure {
		t.Errorf("the outcome of a failure is %q", got)
	}
}

func TestNewAuditEvent(t *testing.T) {
	got := domain.NewAuditEvent(domain.EventSignOut, porttest.Client(), porttest.Noon)
	want := domain.AuditEvent{At: porttest.Noon, Kind: domain.EventSignOut, Client: porttest.Client()}
	if got != want {
		t.Errorf("the event is %+v, want %+v", got, want)
	}
}

func TestDecided(t *testing.T) {
	plain := domain.NewAuditEvent(domain.EventSignIn, porttest.Client(), porttest.Noon)
	upgraded := plain
	upgraded.Reason = domain.ReasonHashUpgraded
	for _, test := range []struct {
		name     string
		event    domain.AuditEvent
		decision error
		outcome  domain.Outcome
		reason   domain.Reason
	}{
		{"done", plain, nil, domain.OutcomeSuccess, ""},
		{"done in a special way", upgraded, nil, domain.OutcomeSuccess, domain.ReasonHashUpgraded},
		{"refused", plain, domain.ErrTokenExpired, domain.OutcomeFailure, domain.ReasonTokenExpired},
		{"refused after all", upgraded, domain.ErrCrossSite, domain.OutcomeBlocked, domain.ReasonCrossSite},
	} {
		want := test.event
		want.Outcome, want.Reason = test.outcome, test.reason
		if got := test.event.Decided(test.decision); got != want {
			t.Errorf("%s: the event is %+v, want %+v", test.name, got, want)
		}
		if test.event.Outcome != "" {
			t.Errorf("%s: the event that was decided has changed", test.name)
		}
	}
}

func TestStandIn(t *testing.T) {
	for hash, want := range map[domain.SubjectHash]domain.StaffID{
		"00112233445566778899aabbccddeeff":         "00112233-4455-6677-8899-aabbccddeeff",
		"00112233445566778899aabbccddeeff01234567": "00112233-4455-6677-8899-aabbccddeeff",
		"abcdef": "abcdef00-0000-0000-0000-000000000000",
		"":       "00000000-0000-0000-0000-000000000000",
	} {
		got := hash.StandIn()
		if got != want {
			t.Errorf("the stand-in for %q is %q, want %q", hash, got, want)
		}
		if _, err := domain.ParseStaffID(string(got)); err != nil {
			t.Errorf("the stand-in for %q is %q: %v", hash, got, err)
		}
	}
}
