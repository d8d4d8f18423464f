package cli

import (
	"context"
	"fmt"

	"gatehouse/application/sessions"
	"gatehouse/domain"
)

func sessionsRevoke() *Command {
	return &Command{
		Name:      "sessions revoke",
		Arguments: "ID",
		Summary:   "end one session",
		Description: `Ends the session with the id ID, as "gatehouse sessions list" shows it. None of
its tokens works here from then on; the person's other sessions stay.

Exit status: 0 done, also if it was over already; 1 if there is no session
with the id, 2 for wrong usage.

Example:

  gatehouse sessions revoke 0f3b9c5d7e1a42868d4c6b2f9e7a1035`,
		action: &revokeSession{},
	}
}

type revokeSession struct{ noFlags }

func (a *revokeSession) check(args []string) error { return wantOne(args, "id of a session") }

func (a *revokeSession) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	result, err := useCases.RevokeStaffSession.Execute(ctx, sessions.RevokeStaffSessionCommand{
		Session: domain.SessionID(args[0]), Client: env.Client,
	})
	if err != nil {
		return explain(err, args[0])
	}
	if !result.Changed {
		return say(env.Out, "session %s was already over", args[0])
	}
	return say(env.Out, "session %s is over", args[0])
}

func staffRevokeSessions() *Command {
	return &Command{
		Name:      "staff revoke-sessions",
		Arguments: "EMAIL",
		Summary:   "end every session of a person",
		Description: `Ends every session of the person with the address EMAIL, and makes every token
useless here that the shop's Django has issued to the person until now. Neither
the account nor the password changes: the person can sign in again. If somebody
else knows the password, say "gatehouse staff set-password" instead, which ends
every session too.

Exit status: 0 done, also if there was no session; 1 if nobody has the
address, 2 for wrong usage.

Example:

  gatehouse staff revoke-sessions mere@shop.example`,
		action: &revokeSessions{},
	}
}

type revokeSessions struct {
	noFlags
	oneAddress
}

func (a *revokeSessions) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	result, err := useCases.RevokeStaffSessions.Execute(ctx, sessions.RevokeStaffSessionsCommand{Email: args[0], Client: env.Client})
	if err != nil {
		return explain(err, args[0])
	}
	return say(env.Out, "%s is signed out everywhere: %s", result.Staff.Email, ended(result.Ended))
}

func ended(sessions int) string {
	switch sessions {
	case 0:
		return "there was no session to end"
	case 1:
		return "1 session has ended"
	}
	return fmt.Sprintf("%d sessions have ended", sessions)
}
