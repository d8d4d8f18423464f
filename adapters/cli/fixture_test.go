package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"gatehouse/adapters/cli"
	"gatehouse/adapters/memory"
	"gatehouse/application/audit"
	"gatehouse/application/credentials"
	"gatehouse/application/roster"
	"gatehouse/application/sessions"
	"gatehouse/application/upkeep"
	"gatehouse/domain"
	"gatehouse/ports"
	"gatehouse/ports/porttest"
)

// A shop is a world with an operator in it. Its clock says 2026-03-02 12:00 UTC, which is
// 2026-03-03 01:00 in the shop.
type shop struct {
	store    memory.Store
	backups  memory.Backups
	hasher   memory.Hasher
	breached memory.Breached
	clock    porttest.Clock
	policy   domain.Policy
	ids      ports.NewStaffID
	public   string      // what links begin with
	spoilt   ports.Store // what audit verify reads, if not the store
}

func (s *shop) trail() ports.Store {
	if s.spoilt != nil {
		return s.spoilt
	}
	return &s.store
}

func newShop() *shop {
	s := &shop{policy: porttest.Policy(), ids: porttest.StaffIDs(), public: "https://shop.example"}
	s.policy.Links.Mail = false
	s.backups.Of = &s.store
	return s
}

func (s *shop) useCases() cli.UseCases {
	clock, mails := s.clock.Now, porttest.MailIDs()
	rules := credentials.NewPasswordRules(&s.hasher, memory.Blocklist{}, &s.breached, s.policy)
	return cli.UseCases{
		ImportStaff:           roster.NewImportStaff(&s.store, &s.hasher, clock, s.policy),
		AddStaff:              roster.NewAddStaff(&s.store, clock, s.ids),
		ListStaff:             roster.NewListStaff(&s.store, clock),
		ShowStaff:             roster.NewShowStaff(&s.store, clock, s.policy),
		SetPassword:           credentials.NewSetPassword(&s.store, &s.hasher, rules, mails, clock, s.policy),
		RequirePasswordReset:  credentials.NewRequirePasswordReset(&s.store, mails, clock, s.policy),
		RequirePasswordResets: credentials.NewRequirePasswordResets(&s.store, &s.hasher, mails, clock, s.policy),
		IssueLink:             credentials.NewIssueLink(&s.store, porttest.LinkTokens(), mails, domain.NewOutboxKey(domain.NewSecret("sixteen random bytes")), clock, s.policy),
		UnlockStaff:           roster.NewUnlockStaff(&s.store, clock),
		DeactivateStaff:       roster.NewDeactivateStaff(&s.store, clock),
		ActivateStaff:         roster.NewActivateStaff(&s.store, clock, s.policy),
		LeaveStaff:            roster.NewLeaveStaff(&s.store, clock, s.policy),
		DeleteStaff:           roster.NewDeleteStaff(&s.store, clock),
		RevokeStaffSessions:   sessions.NewRevokeStaffSessions(&s.store, clock, porttest.Policy()),
		ListStaffSessions:     sessions.NewListStaffSessions(&s.store, clock, s.policy),
		RevokeStaffSession:    sessions.NewRevokeStaffSession(&s.store, clock),
		ListAuditEvents:       audit.NewListAuditEvents(&s.store, clock),
		ExportAuditEvents:     audit.NewExportAuditEvents(&s.store, clock),
		VerifyAuditTrail:      audit.NewVerifyAuditTrail(s.trail(), &s.store, s.store.AuditKey, clock),
		DescribeStore:         upkeep.NewDescribeStore(&s.store, clock),
		Files: cli.FileUseCases{
			BackUp:        upkeep.NewBackUp(&s.backups),
			RestoreBackup: upkeep.NewRestoreBackup(&s.backups, clock),
		},
	}
}

// A call is what came of a command.
type call struct {
	out, err bytes.Buffer
	failure  error
}

// run calls a command as an operator would, with words of its name first.
func (s *shop) run(t *testing.T, in io.Reader, words ...string) *call {
	t.Helper()
	result := &call{}
	result.failure = s.call(t.Context(), cli.Environment{
		In: in, Out: &result.out, Err: &result.err,
		Client: domain.Client{Actor: domain.Operator("root")},
		Clock:  s.clock.Now, Zone: s.policy.TimeZone,
		PublicURL: s.public, Links: s.policy.Links,
		Open:       func(name string) (io.ReadCloser, error) { return os.Open(name) },
		ReadExport: readExport,
	}, words...)
	return result
}

func (s *shop) call(ctx context.Context, env cli.Environment, words ...string) error {
	command := find(words)
	flags := flag.NewFlagSet(command.Name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	command.Flags(flags)
	args, err := cli.Parse(flags, words[len(strings.Fields(command.Name)):])
	if err != nil {
		return err
	}
	if err := command.Check(args); err != nil {
		return err
	}
	return command.Run(ctx, env, s.useCases(), args)
}

func find(words []string) *cli.Command {
	for _, command := range cli.Commands() {
		if strings.HasPrefix(strings.Join(words, " ")+" ", command.Name+" ") {
			return command
		}
	}
	panic(fmt.Sprintf("no command %q", words)) // the test is wrong
}

// do is a run without input that must succeed; it returns what was printed.
func (s *shop) do(t *testing.T, words ...string) string {
	t.Helper()
	result := s.run(t, strings.NewReader(""), words...)
	if result.failure != nil {
		t.Fatalf("%q: %v", words, result.failure)
	}
	return result.out.String()
}

// refuse is a run without input that must fail with a sentence and exit status 1, or 2 if
// usage.
func (s *shop) refuse(t *testing.T, usage bool, sentence string, words ...string) {
	t.Helper()
	result := s.run(t, strings.NewReader(""), words...)
	result.refused(t, usage, sentence)
	if result.out.Len() > 0 {
		t.Errorf("%q prints %q and fails", words, &result.out)
	}
}

func (c *call) refused(t *testing.T, usage bool, sentence string) {
	t.Helper()
	if c.failure == nil {
		t.Fatalf("no error, want %q; printed %q", sentence, &c.out)
	}
	if c.failure.Error() != sentence {
		t.Errorf("error is\n%q, want\n%q", c.failure, sentence)
	}
	if _, is := errors.AsType[*cli.UsageError](c.failure); is != usage {
		t.Errorf("%q is a usage error: %v, want %v", c.failure, is, usage)
	}
}

func (s *shop) save(t *testing.T, people ...domain.Staff) {
	t.Helper()
	s.update(t, func(r ports.Records) error {
		for _, person := range people {
			if err := r.Staff().Save(person); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *shop) signIn(t *testing.T, sessions ...domain.Session) {
	t.Helper()
	s.update(t, func(r ports.Records) error {
		for _, session := range sessions {
			if err := r.Sessions().Save(session); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *shop) update(t *testing.T, change func(ports.Records) error) {
	t.Helper()
	if err := s.store.Update(t.Context(), change); err != nil {
		t.Fatal(err)
	}
}

// account returns what is stored, and false if nothing is.
func (s *shop) account(t *testing.T, email string) (staff domain.Staff, found bool) {
	t.Helper()
	s.update(t, func(r ports.Records) (err error) {
		staff, err = r.Staff().ByEmail(domain.Email(email).Key())
		if errors.Is(err, domain.ErrStaffNotFound) {
			return nil
		}
		found = err == nil
		return err
	})
	return staff, found
}

func (s *shop) breakStore() {
	s.store.Broken = func() error { return fmt.Errorf("%w: saving: disk I/O error", domain.ErrUnavailable) }
}

const broken = "the database cannot be used right now (saving: disk I/O error): nothing has been changed, try again"

func parsed[T any](t *testing.T, text string) (value T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("not the JSON that is wanted: %v\n%s", err, text)
	}
	return value
}

func same(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("printed\n%s\nwant\n%s", got, want)
	}
}

// readExport reads lines "person-number e-mail hash", with the hash or both left out.
func readExport(r io.Reader) (list domain.StaffList, err error) {
	content, err := io.ReadAll(r)
	if err != nil {
		return list, fmt.Errorf("reading the export: %w", err)
	}
	if len(content) == 0 {
		return list, errors.New("the file is empty")
	}
	for i, line := range strings.Split(strings.TrimSpace(string(content)), "\n") {
		list.Rows = append(list.Rows, readRow(i+1, line))
	}
	return list, nil
}

func readRow(number int, line string) domain.ImportRow {
	var n int
	email, hash := "", ""
	if fields, _ := fmt.Sscan(line, &n, &email, &hash); fields < 2 {
		return domain.ImportRow{Number: number, Problem: fmt.Errorf("%w: line %d: id is not a UUID", domain.ErrInvalidStaff, number)}
	}
	person := porttest.Person(n)
	person.Email = domain.Email(email)
	row := domain.NewImportRow(number, person.ID, person.Profile, domain.UnusablePassword, false)
	if hash != "" {
		row.Hash = domain.Says(memory.OutdatedHash(hash))
	}
	return row
}

func date(t *testing.T, text string) domain.Date {
	t.Helper()
	day, err := domain.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return location
}
