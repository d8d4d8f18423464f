package application_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"gatehouse/application"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

func importEvent(n int, reason domain.Reason) domain.AuditEvent {
	return domain.AuditEvent{Kind: domain.EventStaffImport, Outcome: domain.OutcomeSuccess, Reason: reason, StaffID: id(n)}
}

func TestImportStaff(t *testing.T) {
	s := open(t)
	first := []domain.ImportRow{row(1), row(2), row(3, func(r *domain.ImportRow) { r.Hash = domain.Says(domain.UnusablePassword) })}
	result := execute(s, s.importStaff(), importOf(first...))
	s.mustAct(result, domain.ImportAdded, domain.ImportAdded, domain.ImportAdded)
	for i, got := range result.Rows {
		want := application.ImportedRow{Number: i + 1, ID: id(i + 1), Email: porttest.Person(i + 1).Email, Action: domain.ImportAdded, Unusable: i == 2}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("row %d became %+v, want %+v", i+1, got, want)
		}
	}
	s.mustAudit(importEvent(1, domain.ReasonAdded), importEvent(2, domain.ReasonAdded), importEvent(3, domain.ReasonAdded))
	pair := s.signIn(1)
	s.skipAudit()
	s.clock.Advance(time.Hour)

	before := s.staff(1)
	s.mustAct(execute(s, s.importStaff(), importOf(first...)), domain.ImportUnchanged, domain.ImportUnchanged, domain.ImportUnchanged)
	s.mustAudit()
	if got := s.staff(1); got != before {
		t.Errorf("the account has become %+v", got)
	}

	second := row(2, func(r *domain.ImportRow) { r.LastName = domain.Says("Other") })
	s.mustAct(execute(s, s.importStaff(), importOf(second, row(1))), domain.ImportUpdated, domain.ImportUnchanged)
	s.mustAudit(importEvent(2, domain.ReasonUpdated))
	if got := s.staff(2).LastName; got != "Other" {
		t.Errorf("the last name is %q, want Other", got)
	}
	execute(s, s.refreshAccess(), refreshWith(pair.Refresh))
}

// What has changed here stays when the same export comes again, or one with another name.
func TestImportStaffLeavesAloneWhatChangedHere(t *testing.T) {
	for name, change := range map[string]func(*shop){
		"password changed": func(s *shop) { execute(s, s.changePassword(), changeAs(1, password, newPassword)) },
		"hash upgraded":    func(s *shop) { s.signIn(1) },
		"deactivated":      func(s *shop) { execute(s, s.deactivateStaff(), application.DeactivateStaffCommand{Email: address(1)}) },
	} {
		s := open(t)
		exported := row(1, func(r *domain.ImportRow) { r.Hash = domain.Says(person(1, outdated).Credentials.Hash) })
		execute(s, s.importStaff(), importOf(exported))
		change(s)
		before := s.staff(1)
		s.mustAct(execute(s, s.importStaff(), importOf(exported)), domain.ImportUnchanged)
		if got := s.staff(1); got != before {
			t.Errorf("%s: the account is %+v, want %+v", name, got, before)
		}
		exported.LastName = domain.Says("Other")
		s.mustAct(execute(s, s.importStaff(), importOf(exported)), domain.ImportUpdated)
		before.LastName = "Other"
		if got := s.staff(1); got.Profile != before.Profile || got.Credentials != before.Credentials {
			t.Errorf("%s: the account is %+v, want %+v", name, got, before)
		}
	}
}

func TestImportStaffEndsSessions(t *testing.T) {
	for name, change := range map[string]func(*domain.ImportRow){
		"password":    func(r *domain.ImportRow) { r.Hash = domain.Says(hashOf(newPassword)) },
		"deactivated": func(r *domain.ImportRow) { r.IsActive = domain.Says(false) },
		"left":        func(r *domain.ImportRow) { r.DateLeft = domain.Says(date("2026-03-03")) },
	} {
		s := open(t)
		execute(s, s.importStaff(), importOf(row(1), row(2)))
		pair, other, django := s.signIn(1), s.signIn(2), s.django(domain.RefreshToken, 1)
		s.mustAct(execute(s, s.importStaff(), importOf(row(1, change), row(2))), domain.ImportUpdated, domain.ImportUnchanged)
		s.mustHaveEnded(pair.Refresh, domain.EndAccountImported)
		s.mustHaveEnded(other.Refresh, "")

		s.save(person(1, func(p *domain.Staff) { p.SessionsEndedAt = s.staff(1).SessionsEndedAt }))
		refuse(s, s.refreshAccess(), refreshWith(pair.Refresh), domain.ErrSessionEnded)
		if _, err := s.refreshAccess().Execute(t.Context(), refreshWith(django)); !errors.Is(err, domain.ErrSessionEnded) {
			t.Errorf("%s: a token of Django's from before gives access: %v", name, err)
		}
	}
}

// An account that was added here and has no password gets it from the export.
func TestImportStaffOverAnAccountAddedHere(t *testing.T) {
	s := open(t)
	added := execute(s, s.addStaff(), application.AddStaffCommand{Profile: person(1).Profile, Client: porttest.Client()})
	s.skipAudit()
	s.mustAct(execute(s, s.importStaff(), importOf(row(1))), domain.ImportUpdated)
	s.mustAudit(importEvent(1, domain.ReasonUpdated))
	if added.Staff.ID != id(1) {
		t.Fatalf("the account has the id %s", added.Staff.ID)
	}
	s.signIn(1)
}

// A row that cannot be imported spoils the import, or, if that is wanted, itself alone.
func TestImportStaffRefusesRows(t *testing.T) {
	problem := errors.New("not readable")
	bad := func(r *domain.ImportRow) { r.FirstName = domain.Says("\x00") }
	for name, test := range map[string]struct {
		rows    []domain.ImportRow // of which the second is to be refused
		problem error              // if it is a known one
	}{
		"not readable":         {[]domain.ImportRow{row(1), row(2, func(r *domain.ImportRow) { r.Problem = problem })}, problem},
		"not readable, empty":  {[]domain.ImportRow{row(1), {Number: 2, Problem: problem}}, problem},
		"invalid, new":         {[]domain.ImportRow{row(1), row(2, bad)}, domain.ErrInvalidStaff},
		"invalid, known":       {[]domain.ImportRow{row(1), row(8, bad)}, domain.ErrInvalidStaff},
		"same id":              {[]domain.ImportRow{row(1), row(1, func(r *domain.ImportRow) { r.Email = domain.Says[domain.Email]("other@example.test") })}, nil},
		"same address":         {[]domain.ImportRow{row(1), row(2, func(r *domain.ImportRow) { r.Email = domain.Says[domain.Email]("PERSON1@example.test") })}, nil},
		"address of another":   {[]domain.ImportRow{row(1), row(2, func(r *domain.ImportRow) { r.Email = domain.Says[domain.Email]("PERSON9@example.test") })}, domain.ErrEmailTaken},
		"moves to a taken one": {[]domain.ImportRow{row(1), row(8, func(r *domain.ImportRow) { r.Email = domain.Says[domain.Email]("person9@example.test") })}, domain.ErrEmailTaken},
	} {
		for _, partial := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				before := person(8)
				s := open(t, before, person(9))
				cmd := importOf(append(test.rows, row(3))...)
				cmd.Partial = partial
				result, err := s.importStaff().Execute(t.Context(), cmd)
				s.mustAct(result, domain.ImportAdded, domain.ImportRefused, domain.ImportAdded)
				if test.problem != nil && !errors.Is(result.Rows[1].Problem, test.problem) {
					t.Errorf("the row is refused for %v, want %v", result.Rows[1].Problem, test.problem)
				}
				if problem := result.Rows[1].Problem.Error(); test.problem == nil && !strings.Contains(problem, "row 1") {
					t.Errorf("the row is refused for %q, want it to name the first row", problem)
				}
				if got := s.staff(8); got != before {
					t.Errorf("the account has become %+v", got)
				}
				if partial {
					s.mustAudit(importEvent(1, domain.ReasonAdded), importEvent(3, domain.ReasonAdded))
					s.signIn(3)
				} else {
					s.mustAudit()
				}
				if got, want := len(execute(s, s.listStaff(), application.ListStaffQuery{})), map[bool]int{false: 2, true: 4}[partial]; got != want {
					t.Errorf("%d accounts are stored, want %d", got, want)
				}
				if wanted := map[bool]error{false: domain.ErrImportRefused, true: nil}[partial]; !errors.Is(err, wanted) {
					t.Errorf("the error is %v, want %v", err, wanted)
				}
			})
		}
	}
}

// A list that says little lets nobody in, and gives nobody rights.
func TestImportStaffFromAListThatSaysLittle(t *testing.T) {
	s := open(t)
	closed := func(r *domain.ImportRow) {
		r.IsActive, r.DateLeft, r.NeedsReset = domain.Says(false), domain.Says(date("2026-03-02")), domain.Says(true)
	}
	execute(s, s.importStaff(), importOf(row(1, closed), row(2, closed)))
	one, two := s.staff(1), s.staff(2)
	s.skipAudit()

	silent := []domain.ImportRow{{Number: 1, ID: id(1)}, {Number: 2, ID: id(2)}, {Number: 3, ID: id(3), Email: row(3).Email}}
	result := execute(s, s.importStaff(), importOf(silent...))
	s.mustAct(result, domain.ImportUnchanged, domain.ImportUnchanged, domain.ImportAdded)
	s.mustAudit(importEvent(3, domain.ReasonAdded))
	if s.staff(1) != one || s.staff(2) != two {
		t.Errorf("the accounts are %+v and %+v, want %+v and %+v", s.staff(1), s.staff(2), one, two)
	}
	if result.Rows[0].Email != one.Email || result.Rows[0].Assumed != nil {
		t.Errorf("the row became %+v, want the address of the account and nothing assumed", result.Rows[0])
	}
	if got := s.staff(3); !got.IsActive || got.IsOfficeStaff || got.IsWorkshopStaff || got.IsSuperuser || got.Credentials.Hash.Usable() {
		t.Errorf("somebody new is %+v, want active, without rights or password", got)
	}
	if got := result.Rows[2].Assumed; len(got) != 6 {
		t.Errorf("of somebody new there is assumed %v, want all six", got)
	}

	// A shorter list in between does not make the next whole one news.
	execute(s, s.activateStaff(), application.ActivateStaffCommand{Email: address(1)})
	open := s.staff(1)
	s.mustAct(execute(s, s.importStaff(), importOf(row(1, closed))), domain.ImportUnchanged)
	if got := s.staff(1); got != open {
		t.Errorf("the account is %+v, want %+v", got, open)
	}
}

// A row that was refused is as new when it comes again in order.
func TestImportStaffAfterARefusal(t *testing.T) {
	s := open(t, person(9))
	execute(s, s.importStaff(), importOf(row(1)))
	taken := row(1, func(r *domain.ImportRow) { r.Email, r.LastName = domain.Says(person(9).Email), domain.Says("Other") })
	cmd := importOf(taken)
	cmd.Partial = true
	s.mustAct(execute(s, s.importStaff(), cmd), domain.ImportRefused)

	s.update(func(r ports.Records) error { return r.Staff().Delete(id(9)) })
	s.mustAct(execute(s, s.importStaff(), cmd), domain.ImportUpdated)
	if got := s.staff(1); got.Email != taken.Email.Value || got.LastName != taken.LastName.Value {
		t.Errorf("the account is %+v, want address and name of %+v", got.Profile, taken)
	}
}

// What the source says is remembered also when it is what is here already.
func TestImportStaffRemembersUnchangedRows(t *testing.T) {
	s := open(t)
	execute(s, s.importStaff(), importOf(row(1)))
	s.change(1, func(p *domain.Staff) { p.LastName = "Other" })
	other := row(1, func(r *domain.ImportRow) { r.LastName = domain.Says("Other") })
	s.mustAct(execute(s, s.importStaff(), importOf(other)), domain.ImportUnchanged)
	s.mustAct(execute(s, s.importStaff(), importOf(row(1))), domain.ImportUpdated)
	if got, want := s.staff(1).LastName, row(1).LastName.Value; got != want {
		t.Errorf("the last name is %q, want %q again", got, want)
	}
}

// Unusable is said of the password that is stored, not of the one in the export.
func TestImportStaffTellsWhoCannotSignIn(t *testing.T) {
	s := open(t)
	none := row(1, func(r *domain.ImportRow) { r.Hash = domain.Says(domain.UnusablePassword) })
	if got := execute(s, s.importStaff(), importOf(none)).Rows[0]; !got.Unusable {
		t.Errorf("the row became %+v, want it to say that nobody can sign in", got)
	}
	execute(s, s.setPassword(), application.SetPasswordCommand{Email: address(1), Password: domain.NewPassword(newPassword)})
	if got := execute(s, s.importStaff(), importOf(none)).Rows[0]; got.Unusable {
		t.Errorf("the row became %+v, but a password was set here", got)
	}
}

func TestImportStaffOfNothing(t *testing.T) {
	s := open(t, person(1))
	s.mustAct(execute(s, s.importStaff(), importOf()))
	s.mustAudit()
}
