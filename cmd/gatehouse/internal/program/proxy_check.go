package program

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"text/tabwriter"

	"gatehouse/adapters/cli"
	"gatehouse/adapters/keyfile"
	"gatehouse/cmd/gatehouse/internal/config"
	"gatehouse/cmd/gatehouse/internal/proxycheck"
	"gatehouse/cmd/gatehouse/internal/proxyfile"
	"gatehouse/domain"
)

// A proxyCheck is what --check and its neighbours say.
type proxyCheck struct {
	address string
	file    string
	inJSON  bool
}

func (c *proxyCheck) flags(set *flag.FlagSet) {
	set.StringVar(&c.address, "check", "", "ask the proxy in front of the running service at this `URL`, as people see it")
	set.StringVar(&c.file, "file", "", "with --check: compare the `file` that is installed with what would be printed")
	set.BoolVar(&c.inJSON, "json", false, "with --check: print JSON")
}

// run asks, and prints a line for each question.
func (c *proxyCheck) run(ctx context.Context, s *config.Settings, p Process, shop proxyfile.Shop, wishes proxyfile.Wishes) error {
	address, err := c.url(shop.PublicURL)
	if err != nil {
		return err
	}
	var verdicts []proxycheck.Verdict
	if c.file != "" {
		verdict, installed, err := c.compare(shop, wishes)
		if err != nil {
			return err
		}
		verdicts, wishes = append(verdicts, verdict), installed
	}
	check := proxycheck.Check{URL: address, Service: shop.Gatehouse(), Paths: shop.Paths, Guarded: wishes.Guard, Open: s.Policy.OpenPaths, GuardListen: shop.GuardListen}
	if check.Key, err = checkKey(s); err != nil {
		return err
	}
	asked, err := check.Run(ctx)
	if err != nil {
		return err
	}
	return c.print(p.Stdout, append(asked, verdicts...))
}

// url reads the address. Its host may be another than the public one, as when the proxy is tried on its own
// machine. Its scheme may not: behind http there is only the way to https.
func (c *proxyCheck) url(public *url.URL) (*url.URL, error) {
	address, err := url.Parse(c.address)
	switch {
	case err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "",
		address.RawQuery != "" || address.Fragment != "" || address.User != nil:
		return nil, &cli.UsageError{Problem: "--check needs the URL that people see, such as https://shop.example"}
	case public != nil && public.Scheme == "https" && address.Scheme != public.Scheme:
		return nil, &cli.UsageError{Problem: fmt.Sprintf("people see https: write --check https://%s", address.Host)}
	}
	return address, nil
}

// compare reads the installed file before the process becomes the account of the data folder. The file says
// with which wishes it was printed.
func (c *proxyCheck) compare(shop proxyfile.Shop, wishes proxyfile.Wishes) (verdict proxycheck.Verdict, installed proxyfile.Wishes, err error) {
	content, err := os.ReadFile(c.file)
	if err != nil {
		return verdict, wishes, err
	}
	if args, ok := proxyfile.CommandOf(string(content)); ok && wishes.Program == "" {
		if wishes, err = parseWishes(args); err != nil {
			return verdict, wishes, fmt.Errorf("the command that %s names is not one: %w", c.file, err)
		}
	}
	if wishes.Program == "" {
		return verdict, wishes, fmt.Errorf("%s does not say how it was printed: name the proxy and the flags", c.file)
	}
	printed, err := shop.File(wishes)
	if err != nil {
		return verdict, wishes, err
	}
	verdict = proxycheck.Verdict{State: proxycheck.Good, Question: c.file + " is what would be printed", Seen: "yes"}
	if difference := proxyfile.Difference(string(content), printed); difference != "" {
		verdict.State, verdict.Seen = proxycheck.Bad, difference
	}
	return verdict, wishes, nil
}

func parseWishes(args []string) (wishes proxyfile.Wishes, err error) {
	set := flag.NewFlagSet("proxy", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	wishFlags(&wishes, set)
	others, err := cli.Parse(set, args)
	if err == nil {
		err = wantProgram(others)
	}
	if err == nil {
		wishes.Program = others[0]
	}
	return wishes, err
}

// print prints the verdicts, and fails if one is bad.
func (c *proxyCheck) print(out io.Writer, verdicts []proxycheck.Verdict) error {
	var err error
	if c.inJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(verdicts)
	} else {
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		for _, v := range verdicts {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", v.State, v.Question, v.Seen)
		}
		err = table.Flush()
	}
	if slices.ContainsFunc(verdicts, func(v proxycheck.Verdict) bool { return v.State == proxycheck.Bad }) {
		return errors.Join(err, errors.New("the proxy does not do what it should: see the lines that say BAD"))
	}
	return err
}

// checkKey reads the key with which the service proves its answers.
func checkKey(s *config.Settings) (key domain.Secret, err error) {
	if !IsThere(s.DataDir, keyfile.AuditKeyFile) {
		return key, keyMissing(s.DataDir)
	}
	if _, err := enterDataDir(s); err != nil {
		return key, err
	}
	keys, err := keyfile.ReadAuditKeys(s.DataDir)
	return keys.Checks, err
}
