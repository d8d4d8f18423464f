package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"os"
	"slices"
	"time"

	"gatehouse/adapters/keyfile"
	"gatehouse/adapters/sqlite"
	"gatehouse/cmd/internal/running"
	"gatehouse/domain"
	"gatehouse/ports"
)

// generateMode is the first argument with which this program fills a data folder.
const generateMode = "generate"

// generatedAtOnce is how many rows go into one update: enough for the disk not to matter.
const generatedAtOnce = 20_000

// A world is what is generated. The sessions are of people in no order, and have begun
// evenly over twice their lifetime, so half of them are over. The audit events are spread
// evenly over the days.
type world struct {
	dir                     string
	staff, sessions, events int
	days                    int
	now                     time.Time
	random                  *rand.Rand
}

// sessionLifetime is what the service gives a session by default.
const sessionLifetime = 30 * 24 * time.Hour

// generate fills a new data folder, so that the service can be started on a large one. All
// members of staff have the same password as those that are measured with.
func generate(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet(generateMode, flag.ContinueOnError)
	w := world{now: time.Now().UTC(), random: rand.New(rand.NewPCG(1, 2))} // the same each time
	flags.StringVar(&w.dir, "dir", "", "the data folder, new or empty")
	flags.IntVar(&w.staff, "staff", 100_000, "how many members of staff")
	flags.IntVar(&w.sessions, "sessions", 1_000_000, "how many sessions")
	flags.IntVar(&w.events, "events", 5_000_000, "how many audit events")
	flags.IntVar(&w.days, "days", 500, "over how many days up to now the audit events are spread")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if w.dir == "" || w.staff < 1 || w.sessions < 0 || w.events < 0 || w.days < 1 || flags.NArg() > 0 {
		return fmt.Errorf("usage: benchmark %s -dir DIR [-staff N] [-sessions N] [-events N] [-days N]", generateMode)
	}
	return w.fill(ctx, out)
}

func (w *world) fill(ctx context.Context, out io.Writer) error {
	if err := os.MkdirAll(w.dir, 0o700); err != nil {
		return err
	}
	keys, err := keyfile.ReadAuditKeys(w.dir)
	if err != nil {
		return err
	}
	db, closeDB, err := sqlite.Open(sqlite.Config{Dir: w.dir, AuditKey: keys.Sealing, Exclusive: true})
	if err != nil {
		return err
	}
	defer closeDB()
	for _, part := range []struct {
		name  string
		count int
		save  func(ports.Records, int) error
	}{
		{"members of staff", w.staff, w.saveStaff},
		{"sessions", w.sessions, w.saveSession()},
		{"audit events", w.events, w.appendEvent},
	} {
		begin := time.Now()
		if err := inUpdates(ctx, db, part.count, part.save); err != nil {
			return err
		}
		took := time.Since(begin)
		_, _ = fmt.Fprintf(out, "%d %s in %v, %.0f a second\n",
			part.count, part.name, took.Round(time.Millisecond), float64(part.count)/took.Seconds())
	}
	return nil
}

// inUpdates saves the rows from 0 up to count.
func inUpdates(ctx context.Context, store ports.Store, count int, save func(ports.Records, int) error) error {
	for from := 0; from < count; from += generatedAtOnce {
		err := store.Update(ctx, func(records ports.Records) error {
			for n := from; n < min(from+generatedAtOnce, count); n++ {
				if err := save(records, n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func staffID(n int) domain.StaffID {
	return domain.StaffID(running.PersonID(n))
}

func (w *world) saveStaff(records ports.Records, n int) error {
	staff, err := domain.NewStaff(staffID(n), domain.Profile{
		Email: domain.Email(email(n)), FirstName: "Bench", LastName: fmt.Sprint("Number ", n),
		IsActive: true, IsWorkshopStaff: true,
	}, w.now)
	if err != nil {
		return err
	}
	staff.Credentials.Hash = domain.NewPasswordHash(running.PasswordHash)
	return records.Staff().Save(staff)
}

// saveSession returns a save with random identifiers in order, so that the table is written
// from one end to the other.
func (w *world) saveSession() func(ports.Records, int) error {
	ids := make([]domain.SessionID, w.sessions)
	for n := range ids {
		ids[n] = domain.SessionID(w.hex())
	}
	slices.Sort(ids)
	policy := domain.Policy{SessionLifetime: sessionLifetime}
	return func(records ports.Records, n int) error {
		began := w.now.Add(-time.Duration(w.random.Int64N(int64(2 * sessionLifetime))))
		session := domain.NewSession(ids[n], staffID(w.random.IntN(w.staff)), domain.CarrierBody, client(n), policy, began)
		session.Rotate(domain.TokenID(w.hex()), began)
		return records.Sessions().Save(session)
	}
}

func (w *world) hex() string { return fmt.Sprintf("%016x%016x", w.random.Uint64(), w.random.Uint64()) }

func (w *world) appendEvent(records ports.Records, n int) error {
	span := time.Duration(w.days) * 24 * time.Hour
	at := w.now.Add(time.Duration(float64(span)*float64(n)/float64(w.events)) - span)
	event := domain.NewAuditEvent(domain.EventTokenRefresh, client(n), at.Truncate(time.Millisecond))
	event.StaffID = staffID(w.random.IntN(w.staff))
	event.Session = domain.SessionID(w.hex())
	return records.Audit().Append(event.Decided(nil))
}

func client(n int) domain.Client {
	return domain.Client{
		Address:   netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}),
		UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
		RequestID: fmt.Sprintf("%016x", n),
	}
}
