package cli

import (
	"context"
	"flag"

	"gatehouse/application/upkeep"
	"gatehouse/ports"
)

func restore() *Command {
	return &Command{
		Name:      "restore",
		Arguments: "[--broken-trail] [--unsigned-copy] [--with-side-files] FILE",
		Summary:   "go back to a backup, while the service is stopped",
		Description: `Puts the database in the file FILE, which "gatehouse backup" has written, in the
place of the present one. The service must be stopped. FILE is read completely
first, and refused if it is not byte for byte as that has signed it, if anything
in it is damaged, if a newer version has written
it, if a table, index, trigger or view in it was added or removed, or if a seal
of the audit trail is not right, for which audit.key must be the one of that
time. FILE must be a regular file, not a link to one, and stays as it is. The
present database, if there is one, is kept beside the new one, with the time in
its name.

Every session has ended afterwards: who has signed out since the backup was
made stays signed out, and everybody has to sign in again. All else is as it
was then. Look after what has changed since: who was deactivated, has left or
changed the password. "gatehouse audit list" on the kept database tells.

--with-side-files takes FILE-wal and FILE-journal along, which SQLite keeps
beside a database that is in use. A backup has none, so they are refused
otherwise: they would change what is restored, and anybody who can make files in
that folder can put them there. They must belong to the account that FILE
belongs to. It is for a copy of the files of a database, made while nobody wrote
to it.

--unsigned-copy takes a file that does not end with the digest of "gatehouse
backup": one of an earlier version, or a copy that was made by other means, such
as what a restore has kept. Its audit trail is checked, but nothing can show
that people, passwords and rights in it are as they were: take it only if you
know where it has been.

--broken-trail is for a file that was changed after it was signed, for a trail
that was broken before the backup was made, or when audit.key is lost for good.
The triggers that guard the trail are put back.

Exit status: 0 done; 1 if the service runs or FILE is refused, which changes
nothing; 2 for wrong usage.

Example:

  gatehouse restore /srv/backups/gatehouse-2026-03-02.db`,
		OnFiles: true,
		action:  &restoreBackup{},
	}
}

type restoreBackup struct {
	aboutFile
	sideFiles, unsignedCopy bool
}

func (a *restoreBackup) flags(flags *flag.FlagSet) {
	a.aboutFile.flags(flags)
	flags.BoolVar(&a.unsignedCopy, "unsigned-copy", false, "take a file without the digest of gatehouse backup")
	flags.BoolVar(&a.sideFiles, "with-side-files", false, "take FILE-wal and FILE-journal along")
}

func (a *restoreBackup) file(args []string) ports.BackupFile {
	file := a.aboutFile.file(args)
	file.SideFiles, file.UnsignedCopy = a.sideFiles, a.unsignedCopy
	return file
}

func (a *restoreBackup) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	result, err := useCases.Files.RestoreBackup.Execute(ctx, upkeep.RestoreBackupCommand{File: a.file(args), Client: env.Client})
	if err != nil {
		return explain(err, "")
	}
	kept := ""
	if result.Kept != "" {
		kept = "; what was there before is kept as " + result.Kept
	}
	unsigned := ""
	if result.Unsigned {
		unsigned = "; the file was not signed, so look through people and rights (gatehouse staff list)"
	}
	return say(env.Out, "restored %s: every session has ended, so everybody has to sign in again%s%s",
		content(result.BackupReport, env.Zone), kept, unsigned)
}
