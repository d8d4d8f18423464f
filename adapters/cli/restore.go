package cli

import (
	"context"

	"gatehouse/application"
)

func restore() *Command {
	return &Command{
		Name:      "restore",
		Arguments: "[--broken-trail] FILE",
		Summary:   "go back to a backup, while the service is stopped",
		Description: `Puts the database in the file FILE, which "gatehouse backup" has written, in the
place of the present one. The service must be stopped. FILE is read completely
first, and refused if anything in it is damaged, if a newer version has written
it, if a table, index, trigger or view in it was added or removed, or if a seal
of the audit trail is not right, for which audit.key must be the one of that
time. FILE itself stays as it is. The present database, if there is one, is
kept beside the new one, with the time in its name.

Every session has ended afterwards: who has signed out since the backup was
made stays signed out, and everybody has to sign in again. All else is as it
was then. Look after what has changed since: who was deactivated, has left or
changed the password. "gatehouse audit list" on the kept database tells.

--broken-trail is for a trail that was broken before the backup was made, or
when audit.key is lost for good. The triggers that guard the trail are put back.

Exit status: 0 done; 1 if the service runs or FILE is refused, which changes
nothing; 2 for wrong usage.

Example:

  gatehouse restore /srv/backups/gatehouse-2026-03-02.db`,
		OnFiles: true,
		action:  &restoreBackup{},
	}
}

type restoreBackup struct{ aboutFile }

func (a *restoreBackup) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	result, err := useCases.Files.RestoreBackup.Execute(ctx, application.RestoreBackupCommand{File: a.file(args), Client: env.Client})
	if err != nil {
		return explain(err, "")
	}
	kept := ""
	if result.Kept != "" {
		kept = "; what was there before is kept as " + result.Kept
	}
	return say(env.Out, "restored %s: every session has ended, so everybody has to sign in again%s",
		content(result.BackupReport, env.Zone), kept)
}
