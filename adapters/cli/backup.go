package cli

import (
	"context"
	"flag"
	"fmt"
	"time"

	"gatehouse/application/upkeep"
	"gatehouse/ports"
)

func backup() *Command {
	return &Command{
		Name:      "backup",
		Arguments: "[--broken-trail] FILE",
		Summary:   "copy the database into a file, also while the service runs",
		Description: `Copies everything that is in the database at this moment, reads all of the copy
again, checks the schema and every seal of the audit trail, and writes it to the
new file FILE, signed with audit.key. The service goes
on meanwhile. A file that exists is left as it is, and so is a name beside which
FILE-wal, FILE-shm or FILE-journal exists, because SQLite would count that to
the copy. In the data folder FILE must not be a name that the service uses
itself.

FILE holds password hashes: it is readable by this account alone, and should
stay so. The keys are not in it. Keep a copy of audit.key, without which FILE
cannot be checked, and of signing-key-*.pem, somewhere else than the backups.

Exit status: 0 done; 1 if there is such a file, or the database or the copy is
not in order, which leaves nothing behind; 2 for wrong usage. Root leaves an
empty FILE behind where the service's account, which it becomes, may not remove
it; the message says so. If root's backup is killed, FILE is no database.

Example:

  gatehouse backup /srv/backups/gatehouse-2026-03-02.db`,
		OnFiles: true,
		Copies:  true,
		action:  &backUp{},
	}
}

// aboutFile is the part of an action whose argument is a backup.
type aboutFile struct {
	brokenTrail bool
}

func (a *aboutFile) flags(flags *flag.FlagSet) {
	flags.BoolVar(&a.brokenTrail, "broken-trail", false, "go on although the audit trail is broken")
}

func (a *aboutFile) check(args []string) error { return wantOne(args, "FILE argument") }

func (a *aboutFile) file(args []string) ports.BackupFile {
	return ports.BackupFile{Path: args[0], BrokenTrail: a.brokenTrail}
}

type backUp struct{ aboutFile }

func (a *backUp) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	report, err := useCases.Files.BackUp.Execute(ctx, upkeep.BackUpCommand{File: a.file(args)})
	if err != nil {
		return explain(err, "")
	}
	return say(env.Out, "%s holds %s, in %s; audit.key and the signing keys are not in it: keep them somewhere else",
		args[0], content(report, env.Zone), size(report.Size))
}

// content says what is in a backup.
func content(report ports.BackupReport, zone *time.Location) string {
	text := fmt.Sprintf("%d staff, %d sessions and %d audit events", report.Staff, report.Sessions, report.Events)
	if !report.Newest.IsZero() {
		text += " until " + report.Newest.In(zone).Format(time.RFC3339)
	}
	return text
}

func size(bytes int64) string {
	const mebibyte = 1 << 20
	return fmt.Sprintf("%.1f MiB", float64(bytes)/mebibyte)
}
