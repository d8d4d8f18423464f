package cli

import (
	"context"
	_ "embed" // the example
	"errors"
	"flag"

	"gatehouse/application/roster"
	"gatehouse/domain"
)

func staffImport() *Command {
	return &Command{
		Name:      "staff import",
		Arguments: "[--partial] [--json] FILE|- | --example",
		Summary:   "bring accounts in from the shop's Django system",
		Description: `Reads an export of the staff table from FILE, or from standard input if FILE
is "-": the JSON of "manage.py dumpdata accounts.staff", or CSV with a header
line. Ids and password hashes are kept, so everybody signs in with the
password they have.

An account is known by its id. Importing the same export again changes
nothing, and a later export changes only what has changed at the source since.
A password that was set here stays. What the export does not say stays too: a
column that is not there changes nobody who is here. Somebody new is then
active and without rights, and the report says so.

Names of columns count without letter case and space around them; those that
nobody knows are named once. Where it must say true or false, an empty cell
refuses the row, as anything else does that is neither.

One line is printed for each row: "added", "updated", "left alone", or
"refused" and why. Who was deleted here and comes back is "added" with a
remark; tokens and links from before the deletion stay without effect.

If any row is refused, nothing at all is imported, and rows that would have
been are printed as "not added" and "not updated"; with --partial the other
rows are imported.

--example prints an export of two made-up people, and does nothing else. Nobody
knows their passwords: to try them out, use staff set-password.

Exit status: 0 if every row is as the export says, 1 if a row was refused or
the export cannot be read, 2 for wrong usage.

Example:

  python manage.py dumpdata accounts.staff | gatehouse staff import -`,
		Reads:   true,
		Creates: true,
		action:  &importStaff{},
	}
}

// exampleExport is what Django writes, in more lines. Its hashes are of random bytes that were
// thrown away: a password printed here would be known to everybody.
//
//go:embed example.json
var exampleExport string

type importStaff struct {
	partial, json, example bool
}

func (a *importStaff) flags(flags *flag.FlagSet) {
	flags.BoolVar(&a.partial, "partial", false, "import the good rows although others are refused")
	flags.BoolVar(&a.json, "json", false, "print a JSON object")
	flags.BoolVar(&a.example, "example", false, "print an export of made-up people")
}

func (a *importStaff) check(args []string) error {
	switch {
	case !a.example:
		return wantOne(args, "FILE argument")
	case len(args) > 0 || a.partial || a.json:
		return usageError("--example prints an export and imports none: give it alone")
	}
	return nil
}

func (a *importStaff) alone() bool { return a.example }

func (a *importStaff) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	if a.example {
		return write(env.Out, exampleExport)
	}
	list, err := readExport(ctx, env, args[0])
	if err != nil {
		return err
	}
	result, err := useCases.ImportStaff.Execute(ctx, roster.ImportStaffCommand{
		Rows: list.Rows, Partial: a.partial, Client: env.Client,
	})
	if err != nil && !errors.Is(err, domain.ErrImportRefused) {
		return explain(err, "")
	}
	report := importReport{result, list.Unknown, err == nil}
	if err := a.print(env, report); err != nil {
		return err
	}
	if err != nil {
		return explain(err, "")
	}
	return errors.Join(warnOfLast(env, result.LastSuperuser), report.complaint())
}

func (a *importStaff) print(env Environment, report importReport) error {
	if a.json {
		return writeJSON(env.Out, report.object())
	}
	return write(env.Out, report.text())
}

func readExport(ctx context.Context, env Environment, name string) (domain.StaffList, error) {
	read := func() (domain.StaffList, error) { return env.ReadExport(env.In) }
	if name == "-" {
		name = "standard input"
	} else {
		read = func() (domain.StaffList, error) { return readFile(env, name) }
	}
	list, err := interruptible(ctx, read)
	if err != nil {
		return domain.StaffList{}, explainFile(err, name)
	}
	return list, nil
}

func readFile(env Environment, name string) (domain.StaffList, error) {
	file, err := env.Open(name)
	if err != nil {
		return domain.StaffList{}, err
	}
	defer func() { _ = file.Close() }() // nothing was written
	return env.ReadExport(file)
}
