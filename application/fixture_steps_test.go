package application_test

import (
	"context"
	"errors"
	"fmt"
	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
	"reflect"
	"testing"
)

// signedOut are the events of the first person's sessions that these tokens belong to.
func (s *shop) signedOut(tokens ...domain.Token) (events []domain.AuditEvent) {
	for _, token := range tokens {
		events = append(events, sessionEvent(domain.EventSignOut, 1, s.sessionOf(token).ID, ""))
	}
	return events
}

// mustVerify checks what is found out about a trail that is whole.
func (s *shop) mustVerify(history ports.History, want verified) {
	s.t.Helper()
	got, err := s.verifyAuditTrail(history).Execute(s.t.Context(), application.VerifyAuditTrailQuery{})
	want.End = want.Checkpoint.Last
	if want.Last > 0 {
		want.End = s.trailMark(want.Last)
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		s.t.Errorf("verified: %+v, %v; want %+v", got, err, want)
	}
}

// mustBreak checks that a trail is not whole.
func (s *shop) mustBreak(history ports.History, want domain.TrailBreak) {
	s.t.Helper()
	got, err := s.verifyAuditTrail(history).Execute(s.t.Context(), application.VerifyAuditTrailQuery{})
	damage, broken := errors.AsType[*domain.TrailBreak](err)
	if !broken || *damage != want || !reflect.DeepEqual(got, verified{}) {
		s.t.Errorf("verified: %+v, %v; want %v", got, err, &want)
	}
}

func (s *shop) trailEnd() (end domain.AuditMark) {
	s.view(func(r ports.Records) (err error) {
		end, err = r.Audit().Head()
		return err
	})
	return end
}

func (s *shop) trailLength() int64 { return s.trailEnd().Sequence }

// djangoNumber signs a refresh token of the shop's Django for the first person.
func (s *shop) djangoNumber(n int) domain.Token {
	return s.alter(s.django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ID = domain.TokenID(fmt.Sprint("django-", n)) })
}

// export returns the sequences of what is written.
func (s *shop) export(query exportQuery) (written []int64) {
	s.t.Helper()
	query.Write = func(event domain.SealedEvent) error {
		written = append(written, event.Sequence)
		return nil
	}
	result := execute(s, s.exportAuditEvents(), query)
	if result.Events != int64(len(written)) {
		s.t.Errorf("%d events are counted, and %d written", result.Events, len(written))
	}
	return written
}

func (s *shop) stored(id domain.SessionID) (found bool) {
	s.t.Helper()
	s.view(func(r ports.Records) error {
		_, err := r.Sessions().ByID(id)
		found = err == nil
		return nil
	})
	return found
}

// mustAct checks what became of each row.
func (s *shop) mustAct(result application.ImportStaffResult, want ...domain.ImportAction) {
	s.t.Helper()
	for _, action := range []domain.ImportAction{domain.ImportAdded, domain.ImportUpdated, domain.ImportUnchanged, domain.ImportRefused} {
		expected := 0
		for _, wanted := range want {
			if wanted == action {
				expected++
			}
		}
		if got := result.Count(action); got != expected {
			s.t.Errorf("%d rows are %s, want %d", got, action, expected)
		}
	}
	if len(result.Rows) != len(want) {
		s.t.Fatalf("the result has %d rows, want %d", len(result.Rows), len(want))
	}
	for i, row := range result.Rows {
		if row.Action != want[i] || (row.Problem != nil) != (want[i] == domain.ImportRefused) {
			s.t.Errorf("row %d is %s, %v; want %s", row.Number, row.Action, row.Problem, want[i])
		}
	}
}

// signInWith signs the n-th person in with a client that still has the tokens.
func (s *shop) signInWith(n int, previous ...domain.Token) application.TokenPair {
	s.t.Helper()
	command := signInAs(n, password)
	command.Previous = previous
	return execute(s, s.obtainTokens(), command).Tokens
}

// signedIn is the event of a sign-in that has given the tokens.
func (s *shop) signedIn(n int, pair application.TokenPair) domain.AuditEvent {
	return sessionEvent(domain.EventSignIn, n, s.idOf(pair.Access), "")
}

func (s *shop) refresh(token domain.Token) application.TokenPair {
	s.t.Helper()
	return execute(s, s.refreshAccess(), refreshWith(token)).TokenPair
}

func (s *shop) backUp(backups ports.Backups) ports.BackupReport {
	s.t.Helper()
	return execute(s, application.NewBackUp(backups), application.BackUpCommand{File: file})
}

// bySecret is the token as somebody makes it who knows the secret of the shop's Django, while
// the service signs with a key of its own.
func (s *shop) bySecret(token domain.Token) domain.Token {
	s.t.Helper()
	return s.alter(token, func(c *domain.Claims) { c.SharedSecret = true })
}

func (s *shop) deliver(p *postman) application.DeliverMailResult {
	s.t.Helper()
	return execute(s, s.deliverMail(p), application.DeliverMailCommand{})
}

// lastEventOf is the newest event of the kind.
func (s *shop) lastEventOf(kind domain.EventKind) domain.AuditEvent {
	s.t.Helper()
	events := execute(s, s.listAuditEvents(), application.ListAuditEventsQuery{Filter: ports.AuditFilter{Kind: kind, Limit: 1}})
	if len(events) == 0 {
		s.t.Fatalf("there is no event %s", kind)
	}
	return events[0]
}

func (s *shop) endRevivedSessions() *application.EndRevivedSessions {
	return application.NewEndRevivedSessions(s.front, &s.store, s.clock.Now)
}

// mustBeOverForGood checks that sessions were ended by the restoring of the store.
func (s *shop) mustBeOverForGood(pairs ...application.TokenPair) {
	s.t.Helper()
	for _, pair := range pairs {
		s.mustHaveEnded(pair.Access, domain.EndRestored)
		s.mustAccess(pair.Access, domain.ErrSessionEnded)
		refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrSessionEnded)
		refuse(s, s.verifyToken(), verify(pair.Access), domain.ErrSessionEnded)
	}
}

// signInAsFirst signs the first person in with another password than everybody's.
func (s *shop) signInAsFirst(typed string) {
	s.t.Helper()
	execute(s, s.obtainTokens(), signInAs(1, typed))
}

func (s *shop) mustListForOperator(email string, want ...domain.SessionID) {
	s.t.Helper()
	var got []domain.Session
	for _, one := range execute(s, s.listStaffSessions(), application.ListStaffSessionsQuery{Email: email}) {
		got = append(got, one.Session)
	}
	mustBe(s.t, got, want...)
}

type verified = application.VerifyAuditTrailResult

// rotating opens a shop whose refresh tokens are replaced at each refresh.
func rotating(t *testing.T) *shop {
	s := open(t, person(1))
	s.policy.Rotation = domain.RotateAlways
	return s
}

const nobody = "nobody@example.test"

// A call is a use of the service by or about the second person, who is signed in with
// ours and has a refresh token of the shop's Django.
type call func(s *shop, ours application.TokenPair, django domain.Token) error

// failure drops the result of a use case.
func failure[Out any](_ Out, err error) error { return err }

// mustUndo lets the n-th call to the store fail, and reports whether there was one.
func mustUndo(t *testing.T, n int, call call) bool {
	s := open(t, person(1, outdated), person(3, inactive))
	execute(s, s.importStaff(), importOf(row(2), row(5)))
	ours, django := s.signIn(2), s.django(domain.RefreshToken, 2)
	s.plantLink(2, linkOfPersonTwo)
	before := s.contents()
	store := &faulty{Store: &s.store, calls: n}
	s.front = store
	err := call(s, ours, django)
	s.front = &s.store
	if !store.failed {
		if errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("without a fault: %v", err)
		}
		return false
	}
	if !errors.Is(err, domain.ErrUnavailable) || domain.IsRefusal(err) {
		t.Errorf("call %d has failed: %v, want ErrUnavailable", n, err)
	}
	if after := s.contents(); !reflect.DeepEqual(after, before) {
		t.Errorf("call %d has failed, but something has changed:\n%+v, was\n%+v", n, after, before)
	}
	return true
}

// A postman keeps the letters that it is handed, unless it answers with an error.
type postman struct {
	letters []domain.Letter
	answer  func(domain.Letter) error
}

func (p *postman) Send(_ context.Context, letter domain.Letter) error {
	if p.answer != nil {
		if err := p.answer(letter); err != nil {
			return err
		}
	}
	p.letters = append(p.letters, letter)
	return nil
}

type exportQuery = application.ExportAuditEventsQuery

var file = ports.BackupFile{Path: "copy"}

const here, elsewhere = "192.0.2.7", "198.51.100.7"

// row is the n-th row of an export: the n-th person.
func row(n int, changes ...func(*domain.ImportRow)) domain.ImportRow {
	row := domain.NewImportRow(n, id(n), person(n).Profile, hashOf(password), false)
	for _, change := range changes {
		change(&row)
	}
	return row
}

func importOf(rows ...domain.ImportRow) application.ImportStaffCommand {
	return application.ImportStaffCommand{Rows: rows, Client: porttest.Client()}
}

func renewWith(token domain.Token) application.RenewAccessCommand {
	return application.RenewAccessCommand{Token: token, Client: porttest.Client()}
}
