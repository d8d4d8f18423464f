package roster_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"gatehouse/application/credentials"
	"gatehouse/application/internal/apptest"
	"gatehouse/application/roster"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func importEvent(n int, reason domain.Reason) domain.AuditEvent {
	return domain.AuditEvent{Kind: domain.EventStaffImport, Outcome: domain.OutcomeSuccess, Reason: reason, StaffID: apptest.Id(n)}
}

func TestImportStaff(t *testing.T) {
	s := apptest.Open(t)
	first := []domain.ImportRow{apptest.Row(1), apptest.Row(2), apptest.Row(3, func(r *domain.ImportRow) { r.Hash = domain.Says(domain.UnusablePassword) })}
	result := apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(first...))
	s.MustAct(result, domain.ImportAdded, domain.ImportAdded, domain.ImportAdded)
	for i, got := range result.Rows {
		want := roster.ImportedRow{Number: i + 1, ID: apptest.Id(i + 1), Email: porttest.Person(i + 1).Email, Action: domain.ImportAdded, Unusable: i == 2}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("row %d became %+v, want %+v", i+1, got, want)
		}
	}
	s.MustAudit(importEvent(1, domain.ReasonAdded), importEvent(2, domain.ReasonAdded), importEvent(3, domain.ReasonAdded))
	pair := s.SignIn(1)
	s.SkipAudit()
	s.Clock.Advance(time.Hour)

	before := s.Staff(1)
	s.MustAct(apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(first...)), domain.ImportUnchanged, domain.ImportUnchanged, domain.ImportUnchanged)
	s.MustAudit()
	if got := s.Staff(1); got != before {
		t.Errorf("the account has become %+v", got)
	}

	second := apptest.Row(2, func(r *domain.ImportRow) { r.LastName = domain.Says("Other") })
	s.MustAct(apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(second, apptest.Row(1))), domain.ImportUpdated, domain.ImportUnchanged)
	s.MustAudit(importEvent(2, domain.ReasonUpdated))
	if got := s.Staff(2).LastName; got != "Other" {
		t.Errorf("the last name is %q, want Other", got)
	}
	apptest.Execute(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh))
}

// What has changed here stays when the same export comes again, or one with another name.
func TestImportStaffLeavesAloneWhatChangedHere(t *testing.T) {
	for name, change := range map[string]func(*apptest.Shop){
		"password changed": func(s *apptest.Shop) {
			apptest.Execute(s, s.ChangePassword(), apptest.ChangeAs(1, apptest.Password, apptest.NewPassword))
		},
		"hash upgraded": func(s *apptest.Shop) { s.SignIn(1) },
		"deactivated": func(s *apptest.Shop) {
			apptest.Execute(s, s.DeactivateStaff(), roster.DeactivateStaffCommand{Email: apptest.Address(1), Client: porttest.Operator()})
		},
	} {
		s := apptest.Open(t)
		exported := apptest.Row(1, func(r *domain.ImportRow) { r.Hash = domain.Says(apptest.Person(1, apptest.Outdated).Credentials.Hash) })
		apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(exported))
		change(s)
		before := s.Staff(1)
		s.MustAct(apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(exported)), domain.ImportUnchanged)
		if got := s.Staff(1); got != before {
			t.Errorf("%s: the account is %+v, want %+v", name, got, before)
		}
		exported.LastName = domain.Says("Other")
		s.MustAct(apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(exported)), domain.ImportUpdated)
		before.LastName = "Other"
		if got := s.Staff(1); got.Profile != before.Profile || got.Credentials != before.Credentials {
			t.Errorf("%s: the account is %+v, want %+v", name, got, before)
		}
	}
}

func TestImportStaffEndsSessions(t *testing.T) {
	for name, change := range map[string]func(*domain.ImportRow){
		"password":    func(r *domain.ImportRow) { r.Hash = domain.Says(apptest.HashOf(apptest.NewPassword)) },
		"deactivated": func(r *domain.ImportRow) { r.IsActive = domain.Says(false) },
		"left":        func(r *domain.ImportRow) { r.DateLeft = domain.Says(apptest.Date("2026-03-03")) },
	} {
		s := apptest.Open(t)
		apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1), apptest.Row(2)))
		pair, other, django := s.SignIn(1), s.SignIn(2), s.Django(domain.RefreshToken, 1)
		s.MustAct(apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1, change), apptest.Row(2))), domain.ImportUpdated, domain.ImportUnchanged)
		s.MustHaveEnded(pair.Refresh, domain.EndAccountImported)
		s.MustHaveEnded(other.Refresh, "")

		s.Save(apptest.Person(1, func(p *domain.Staff) { p.SessionsEndedAt = s.Staff(1).SessionsEndedAt }))
		apptest.Refuse(s, s.RefreshAccess(), apptest.RefreshWith(pair.Refresh), domain.ErrSessionEnded)
		if _, err := s.RefreshAccess().Execute(t.Context(), apptest.RefreshWith(django)); !errors.Is(err, domain.ErrSessionEnded) {
			t.Errorf("%s: a token of Django's from before gives access: %v", name, err)
		}
	}
}

// An account that was added here and has no password gets it from the export.
func TestImportStaffOverAnAccountAddedHere(t *testing.T) {
	s := apptest.Open(t)
	added := apptest.Execute(s, s.AddStaff(), roster.AddStaffCommand{Profile: apptest.Person(1).Profile, Client: porttest.Operator()})
	s.SkipAudit()
	s.MustAct(apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1))), domain.ImportUpdated)
	s.MustAudit(importEvent(1, domain.ReasonUpdated))
	if added.Staff.ID != apptest.Id(1) {
		t.Fatalf("the account has the id %s", added.Staff.ID)
	}
	s.SignIn(1)
}

// A row that cannot be imported spoils the import, or, if that is wanted, itself alone.
func TestImportStaffRefusesRows(t *testing.T) {
	problem := errors.New("not readable")
	bad := func(r *domain.ImportRow) { r.FirstName = domain.Says("\x00") }
	for name, test := range map[string]struct {
		rows    []domain.ImportRow // of which the second is to be refused
		problem error              // if it is a known one
	}{
		"not readable":         {[]domain.ImportRow{apptest.Row(1), apptest.Row(2, func(r *domain.ImportRow) { r.Problem = problem })}, problem},
		"not readable, empty":  {[]domain.ImportRow{apptest.Row(1), {Number: 2, Problem: problem}}, problem},
		"invalid, new":         {[]domain.ImportRow{apptest.Row(1), apptest.Row(2, bad)}, domain.ErrInvalidStaff},
		"invalid, known":       {[]domain.ImportRow{apptest.Row(1), apptest.Row(8, bad)}, domain.ErrInvalidStaff},
		"same id":              {[]domain.ImportRow{apptest.Row(1), apptest.Row(1, func(r *domain.ImportRow) { r.Email = domain.Says[domain.Email]("other@example.test") })}, nil},
		"same address":         {[]domain.ImportRow{apptest.Row(1), apptest.Row(2, func(r *domain.ImportRow) { r.Email = domain.Says[domain.Email]("PERSON1@example.test") })}, nil},
		"address of another":   {[]domain.ImportRow{apptest.Row(1), apptest.Row(2, func(r *domain.ImportRow) { r.Email = domain.Says[domain.Email]("PERSON9@example.test") })}, domain.ErrEmailTaken},
		"moves to a taken one": {[]domain.ImportRow{apptest.Row(1), apptest.Row(8, func(r *domain.ImportRow) { r.Email = domain.Says[domain.Email]("person9@example.test") })}, domain.ErrEmailTaken},
	} {
		for _, partial := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				before := apptest.Person(8)
				s := apptest.Open(t, before, apptest.Person(9))
				cmd := apptest.ImportOf(append(test.rows, apptest.Row(3))...)
				cmd.Partial = partial
				result, err := s.ImportStaff().Execute(t.Context(), cmd)
				s.MustAct(result, domain.ImportAdded, domain.ImportRefused, domain.ImportAdded)
				if test.problem != nil && !errors.Is(result.Rows[1].Problem, test.problem) {
					t.Errorf("the row is refused for %v, want %v", result.Rows[1].Problem, test.problem)
				}
				if problem := result.Rows[1].Problem.Error(); test.problem == nil && !strings.Contains(problem, "row 1") {
					t.Errorf("the row is refused for %q, want it to name the first row", problem)
				}
				if got := s.Staff(8); got != before {
					t.Errorf("the account has become %+v", got)
				}
				if partial {
					s.MustAudit(importEvent(1, domain.ReasonAdded), importEvent(3, domain.ReasonAdded))
					s.SignIn(3)
				} else {
					s.MustAudit()
				}
				if got, want := len(apptest.Execute(s, s.ListStaff(), roster.ListStaffQuery{Client: porttest.Operator()})), map[bool]int{false: 2, true: 4}[partial]; got != want {
					t.Errorf("%d accounts are stored, want %d", got, want)
				}
				if wanted := map[bool]error{false: domain.ErrImportRefused, true: nil}[partial]; !errors.Is(err, wanted) {
					t.Errorf("the error is %v, want %v", err, wanted)
				}
			})
		}
	}
}

// A list with few columns opens no account, and gives no rights.
func TestImportStaffFromAListThatSaysLittle(t *testing.T) {
	s := apptest.Open(t)
	closed := func(r *domain.ImportRow) {
		r.IsActive, r.DateLeft, r.NeedsReset = domain.Says(false), domain.Says(apptest.Date("2026-03-02")), domain.Says(true)
	}
	apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1, closed), apptest.Row(2, closed)))
	one, two := s.Staff(1), s.Staff(2)
	s.SkipAudit()

	silent := []domain.ImportRow{{Number: 1, ID: apptest.Id(1)}, {Number: 2, ID: apptest.Id(2)}, {Number: 3, ID: apptest.Id(3), Email: apptest.Row(3).Email}}
	result := apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(silent...))
	s.MustAct(result, domain.ImportUnchanged, domain.ImportUnchanged, domain.ImportAdded)
	s.MustAudit(importEvent(3, domain.ReasonAdded))
	if s.Staff(1) != one || s.Staff(2) != two {
		t.Errorf("the accounts are %+v and %+v, want %+v and %+v", s.Staff(1), s.Staff(2), one, two)
	}
	if result.Rows[0].Email != one.Email || result.Rows[0].Assumed != nil {
		t.Errorf("the row became %+v, want the address of the account and nothing assumed", result.Rows[0])
	}
	if got := s.Staff(3); !got.IsActive || got.IsOfficeStaff || got.IsWorkshopStaff || got.IsSuperuser || got.Credentials.Hash.Usable() {
		t.Errorf("somebody new is %+v, want active, without rights or password", got)
	}
	if got := result.Rows[2].Assumed; len(got) != 6 {
		t.Errorf("of somebody new there is assumed %v, want all six", got)
	}

	// A shorter list in between does not make the next whole one news.
	apptest.Execute(s, s.ActivateStaff(), roster.ActivateStaffCommand{Email: apptest.Address(1), Client: porttest.Operator()})
	open := s.Staff(1)
	s.MustAct(apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1, closed))), domain.ImportUnchanged)
	if got := s.Staff(1); got != open {
		t.Errorf("the account is %+v, want %+v", got, open)
	}
}

// A row that was refused is as new when it comes again in order.
func TestImportStaffAfterARefusal(t *testing.T) {
	s := apptest.Open(t, apptest.Person(9))
	apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1)))
	taken := apptest.Row(1, func(r *domain.ImportRow) {
		r.Email, r.LastName = domain.Says(apptest.Person(9).Email), domain.Says("Other")
	})
	cmd := apptest.ImportOf(taken)
	cmd.Partial = true
	s.MustAct(apptest.Execute(s, s.ImportStaff(), cmd), domain.ImportRefused)

	s.Update(func(r ports.Records) error { return r.Staff().Delete(apptest.Id(9)) })
	s.MustAct(apptest.Execute(s, s.ImportStaff(), cmd), domain.ImportUpdated)
	if got := s.Staff(1); got.Email != taken.Email.Value || got.LastName != taken.LastName.Value {
		t.Errorf("the account is %+v, want address and name of %+v", got.Profile, taken)
	}
}

// What the source says is remembered also when it is what is here already.
func TestImportStaffRemembersUnchangedRows(t *testing.T) {
	s := apptest.Open(t)
	apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1)))
	s.Change(1, func(p *domain.Staff) { p.LastName = "Other" })
	other := apptest.Row(1, func(r *domain.ImportRow) { r.LastName = domain.Says("Other") })
	s.MustAct(apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(other)), domain.ImportUnchanged)
	s.MustAct(apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(apptest.Row(1))), domain.ImportUpdated)
	if got, want := s.Staff(1).LastName, apptest.Row(1).LastName.Value; got != want {
		t.Errorf("the last name is %q, want %q again", got, want)
	}
}

// Unusable is said of the password that is stored, not of the one in the export.
func TestImportStaffTellsWhoCannotSignIn(t *testing.T) {
	s := apptest.Open(t)
	none := apptest.Row(1, func(r *domain.ImportRow) { r.Hash = domain.Says(domain.UnusablePassword) })
	if got := apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(none)).Rows[0]; !got.Unusable {
		t.Errorf("the row became %+v, want it to say that nobody can sign in", got)
	}
	apptest.Execute(s, s.SetPassword(), credentials.SetPasswordCommand{Email: apptest.Address(1), Password: domain.NewPassword(apptest.NewPassword), Client: porttest.Operator()})
	if got := apptest.Execute(s, s.ImportStaff(), apptest.ImportOf(none)).Rows[0]; got.Unusable {
		t.Errorf("the row became %+v, but a password was set here", got)
	}
}

func TestImportStaffOfNothing(t *testing.T) {
	s := apptest.Open(t, apptest.Person(1))
	s.MustAct(apptest.Execute(s, s.ImportStaff(), apptest.ImportOf()))
	s.MustAudit()
}
