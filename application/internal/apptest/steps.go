package apptest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"gatehouse/application/audit"
	"gatehouse/application/credentials"
	"gatehouse/application/roster"
	"gatehouse/application/sessions"
	"gatehouse/application/signin"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// SignedOut are the events of the first person's sessions that these tokens belong to.
func (s *Shop) SignedOut(tokens ...domain.Token) (events []domain.AuditEvent) {
	for _, token := range tokens {
		events = append(events, SessionEvent(domain.EventSignOut, 1, s.SessionOf(token).ID, ""))
	}
	return events
}

// MustVerify checks what is found out about a trail that is whole.
func (s *Shop) MustVerify(history ports.History, want Verified) {
	s.T.Helper()
	got, err := s.VerifyAuditTrail(history).Execute(s.T.Context(), audit.VerifyAuditTrailQuery{Client: porttest.Operator()})
	want.End = want.Checkpoint.Last
	if want.Last > 0 {
		want.End = s.TrailMark(want.Last)
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		s.T.Errorf("verified: %+v, %v; want %+v", got, err, want)
	}
}

// MustBreak checks that a trail is not whole.
func (s *Shop) MustBreak(history ports.History, want domain.TrailBreak) {
	s.T.Helper()
	got, err := s.VerifyAuditTrail(history).Execute(s.T.Context(), audit.VerifyAuditTrailQuery{Client: porttest.Operator()})
	damage, broken := errors.AsType[*domain.TrailBreak](err)
	if !broken || *damage != want || !reflect.DeepEqual(got, Verified{}) {
		s.T.Errorf("verified: %+v, %v; want %v", got, err, &want)
	}
}

func (s *Shop) TrailEnd() (end domain.AuditMark) {
	s.View(func(r ports.Records) (err error) {
		end, err = r.Audit().Head()
		return err
	})
	return end
}

func (s *Shop) TrailLength() int64 { return s.TrailEnd().Sequence }

// DjangoNumber signs a refresh token of the shop's Django for the first person.
func (s *Shop) DjangoNumber(n int) domain.Token {
	return s.Alter(s.Django(domain.RefreshToken, 1), func(c *domain.Claims) { c.ID = domain.TokenID(fmt.Sprint("django-", n)) })
}

// Export returns the sequences of what is written.
func (s *Shop) Export(query ExportQuery) (written []int64) {
	s.T.Helper()
	query.Write = func(event domain.SealedEvent) error {
		written = append(written, event.Sequence)
		return nil
	}
	result := Execute(s, s.ExportAuditEvents(), query)
	if result.Events != int64(len(written)) {
		s.T.Errorf("%d events are counted, and %d written", result.Events, len(written))
	}
	return written
}

func (s *Shop) Stored(id domain.SessionID) (found bool) {
	s.T.Helper()
	s.View(func(r ports.Records) error {
		_, err := r.Sessions().ByID(id)
		found = err == nil
		return nil
	})
	return found
}

// MustAct checks what became of each row.
func (s *Shop) MustAct(result roster.ImportStaffResult, want ...domain.ImportAction) {
	s.T.Helper()
	for _, action := range []domain.ImportAction{domain.ImportAdded, domain.ImportUpdated, domain.ImportUnchanged, domain.ImportRefused} {
		expected := 0
		for _, wanted := range want {
			if wanted == action {
				expected++
			}
		}
		if got := result.Count(action); got != expected {
			s.T.Errorf("%d rows are %s, want %d", got, action, expected)
		}
	}
	if len(result.Rows) != len(want) {
		s.T.Fatalf("the result has %d rows, want %d", len(result.Rows), len(want))
	}
	for i, row := range result.Rows {
		if row.Action != want[i] || (row.Problem != nil) != (want[i] == domain.ImportRefused) {
			s.T.Errorf("row %d is %s, %v; want %s", row.Number, row.Action, row.Problem, want[i])
		}
	}
}

// SignInWith signs the n-th person in with a client that still has the tokens.
func (s *Shop) SignInWith(n int, previous ...domain.Token) signin.TokenPair {
	s.T.Helper()
	command := SignInAs(n, Password)
	command.Previous = previous
	return Execute(s, s.ObtainTokens(), command).Tokens
}

// SignedIn is the event of a sign-in that has given the tokens.
func (s *Shop) SignedIn(n int, pair signin.TokenPair) domain.AuditEvent {
	return SessionEvent(domain.EventSignIn, n, s.IdOf(pair.Access), "")
}

func (s *Shop) Refresh(token domain.Token) signin.TokenPair {
	s.T.Helper()
	return Execute(s, s.RefreshAccess(), RefreshWith(token)).TokenPair
}

func (s *Shop) BackUp(backups ports.Backups) ports.BackupReport {
	s.T.Helper()
	return Execute(s, upkeep.NewBackUp(backups), upkeep.BackUpCommand{File: File})
}

// BySecret is a copy of the token that is signed with the secret of the shop's Django. The service itself
// signs with a key of its own.
func (s *Shop) BySecret(token domain.Token) domain.Token {
	s.T.Helper()
	return s.Alter(token, func(c *domain.Claims) { c.SharedSecret = true })
}

func (s *Shop) Deliver(p *Postman) credentials.DeliverMailResult {
	s.T.Helper()
	return Execute(s, s.DeliverMail(p), credentials.DeliverMailCommand{})
}

// LastEventOf is the newest event of the kind.
func (s *Shop) LastEventOf(kind domain.EventKind) domain.AuditEvent {
	s.T.Helper()
	events := Execute(s, s.ListAuditEvents(), audit.ListAuditEventsQuery{Client: porttest.Operator(), Filter: ports.AuditFilter{Kind: kind, Limit: 1}})
	if len(events) == 0 {
		s.T.Fatalf("there is no event %s", kind)
	}
	return events[0]
}

func (s *Shop) EndRevivedSessions() *upkeep.EndRevivedSessions {
	return upkeep.NewEndRevivedSessions(s.Front, &s.Store, s.Clock.Now)
}

// MustBeOverForGood checks that sessions were ended by the restoring of the store.
func (s *Shop) MustBeOverForGood(pairs ...signin.TokenPair) {
	s.T.Helper()
	for _, pair := range pairs {
		s.MustHaveEnded(pair.Access, domain.EndRestored)
		s.MustAccess(pair.Access, domain.ErrSessionEnded)
		Refuse(s, s.RefreshAccess(), RefreshWith(pair.Refresh), domain.ErrSessionEnded)
		Refuse(s, s.VerifyToken(), Verify(pair.Access), domain.ErrSessionEnded)
	}
}

// SignInAsFirst signs the first person in with the given password.
func (s *Shop) SignInAsFirst(typed string) {
	s.T.Helper()
	Execute(s, s.ObtainTokens(), SignInAs(1, typed))
}

func (s *Shop) MustListForOperator(email string, want ...domain.SessionID) {
	s.T.Helper()
	var got []domain.Session
	for _, one := range Execute(s, s.ListStaffSessions(), sessions.ListStaffSessionsQuery{Client: porttest.Operator(), Email: email}) {
		got = append(got, one.Session)
	}
	mustBe(s.T, got, want...)
}

type Verified = audit.VerifyAuditTrailResult

// Rotating opens a shop whose refresh tokens are replaced at each refresh.
func Rotating(t *testing.T) *Shop {
	s := Open(t, Person(1))
	s.Policy.Rotation = domain.RotateAlways
	return s
}

const Nobody = "nobody@example.test"

// A Call is a use of the service by or about the second person, who is signed in with
// ours and has a refresh token of the shop's Django.
type Call func(s *Shop, ours signin.TokenPair, django domain.Token) error

// Failure returns the error of a use case. A result beside the failure of the store is another error: it
// would report what was rolled back.
func Failure[Out any](out Out, err error) error {
	if errors.Is(err, domain.ErrUnavailable) && !reflect.ValueOf(&out).Elem().IsZero() {
		return fmt.Errorf("%T is returned beside %v: %+v", out, err, out) // not wrapped, so that the test fails
	}
	return err
}

// MustUndo lets the n-th call to the store or to the hasher of passwords fail, and reports whether there was one.
func MustUndo(t *testing.T, n int, call Call) bool {
	s := Open(t, Person(1, Outdated), Person(3, Inactive), Person(4, ResetDue))
	Execute(s, s.ImportStaff(), ImportOf(Row(2), Row(5)))
	ours, django := s.SignIn(2), s.Django(domain.RefreshToken, 2)
	s.PlantLink(2, LinkOfPersonTwo)
	before := s.Contents()
	store := &Faulty{Store: &s.Store, Calls: n}
	s.Front, s.Passwords = store, FaultyHasher{&s.Hasher, store}
	err := call(s, ours, django)
	s.Front, s.Passwords = &s.Store, &s.Hasher
	if !store.Failed {
		if errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("without a fault: %v", err)
		}
		return false
	}
	if !errors.Is(err, domain.ErrUnavailable) || domain.IsRefusal(err) {
		t.Errorf("call %d has failed: %v, want ErrUnavailable", n, err)
	}
	if after := s.Contents(); !reflect.DeepEqual(after, before) {
		t.Errorf("call %d has failed, but something has changed:\n%+v, was\n%+v", n, after, before)
	}
	return true
}

// A Postman keeps the letters that it is handed, unless it answers with an error.
type Postman struct {
	Letters []domain.Letter
	Answer  func(domain.Letter) error
}

func (p *Postman) Send(_ context.Context, letter domain.Letter) error {
	if p.Answer != nil {
		if err := p.Answer(letter); err != nil {
			return err
		}
	}
	p.Letters = append(p.Letters, letter)
	return nil
}

type ExportQuery = audit.ExportAuditEventsQuery

var File = ports.BackupFile{Path: "copy"}

const Here, Elsewhere = "192.0.2.7", "198.51.100.7"

// Row is the n-th row of an export: the n-th person.
func Row(n int, changes ...func(*domain.ImportRow)) domain.ImportRow {
	row := domain.NewImportRow(n, Id(n), Person(n).Profile, HashOf(Password), false)
	for _, change := range changes {
		change(&row)
	}
	return row
}

func ImportOf(rows ...domain.ImportRow) roster.ImportStaffCommand {
	return roster.ImportStaffCommand{Rows: rows, Client: porttest.Operator()}
}

func RenewWith(token domain.Token) signin.RenewAccessCommand {
	return signin.RenewAccessCommand{Token: token, Client: porttest.Client()}
}
