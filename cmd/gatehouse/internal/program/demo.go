package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"gatehouse/application/roster"
	"gatehouse/cmd/gatehouse/internal/config"
	"gatehouse/domain"
)

// The demonstration's people. Their passwords are printed, so they exist on loopback and
// in a temporary database only.
const (
	demoWelder       = "welder@shop.test"
	demoWelderPass   = "sparks fly at seven"
	demoMachinist    = "machinist@shop.test"
	demoMachinePass  = "first day of work"
	demoMachineFresh = "a tenth of a millimetre"
)

// demo serves two invented people from a database that is removed at the end.
func demo(ctx context.Context, s *config.Settings, p Process) error {
	if !s.PublicOnLoopback() {
		return errors.New("--demo is for this machine alone: leave GATEHOUSE_LISTEN and GATEHOUSE_PUBLIC_URL on loopback")
	}
	ctx, stop := endingOn(ctx, p.HangUps)
	defer stop()
	p.HangUps = nil // nothing is reloaded
	dir, err := os.MkdirTemp("", "gatehouse-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s.DataDir = dir
	useCookies(s)
	if err := seedDemo(ctx, s); err != nil {
		return err
	}
	return serveWith(ctx, s, p, func(public *url.URL) error { demoLines(p, s, public); return nil })
}

// seedDemo imports the two as if from Django.
func seedDemo(ctx context.Context, s *config.Settings) error {
	operator, closeOperator, err := assembleOperator(s, true, io.Discard)
	if err != nil {
		return err
	}
	defer closeOperator()
	_, err = operator.ImportStaff.Execute(ctx, roster.ImportStaffCommand{
		Client: domain.Client{Actor: domain.Service()},
		Rows: []domain.ImportRow{
			demoRow(1, demoWelder, "Wiremu", "Weld", demoWelderHash, false),
			demoRow(2, demoMachinist, "Mina", "Mill", demoMachineHash, true),
		},
	})
	return err
}

func demoRow(n int, email domain.Email, first, last, hash string, needsReset bool) domain.ImportRow {
	id := domain.StaffID(fmt.Sprintf("00000000-0000-4000-8000-%012d", n))
	profile := domain.Profile{Email: email, FirstName: first, LastName: last, IsActive: true, IsWorkshopStaff: true}
	return domain.NewImportRow(n, id, profile, domain.NewPasswordHash(hash), needsReset)
}

// useCookies lets people sign in on the pages. Not every browser keeps Secure cookies that come
// over http, even on loopback.
func useCookies(s *config.Settings) {
	s.Cookies.Enabled, s.Cookies.Secure = true, false
	s.Policy.Throttle.DevicesByAddress = false
}

// demoLines may fail to be seen; the service runs all the same.
func demoLines(p Process, s *config.Settings, public *url.URL) {
	_, _ = fmt.Fprintf(p.Stdout, `
Open %[1]s/accounts/login/ and sign in as %[2]s
with the password "%[3]s". As %[4]s, with
"%[5]s", you have to choose another password first.

What programs do: paste these into another terminal. Sign in; sign in with a password that
must be changed first; change it:

curl -H 'X-Token-Transport: body' -d username=%[2]s -d 'password=%[3]s' %[1]s/accounts/api/token/
curl -H 'X-Token-Transport: body' -d username=%[4]s -d 'password=%[5]s' %[1]s/accounts/api/token/
curl -d username=%[4]s -d 'old_password=%[5]s' -d 'new_password=%[6]s' %[1]s/accounts/api/password/change/

Ctrl-C stops the service and removes its database, %[7]s.
`, strings.TrimSuffix(public.String(), "/"), demoWelder, demoWelderPass, demoMachinist, demoMachinePass, demoMachineFresh, s.DataDir)
}
