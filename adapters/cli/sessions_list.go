package cli

import (
	"context"
	"flag"
	"time"
	"unicode/utf8"

	"gatehouse/application/sessions"
	"gatehouse/domain"
)

func sessionsList() *Command {
	return &Command{
		Name:      "sessions list",
		Arguments: "[--staff EMAIL] [--json]",
		Summary:   "show who is signed in, and where",
		Description: `Prints a table of all running sessions, or of those of the person with the
address EMAIL. A session is one sign-in on one device. The order is that of the
people's addresses, and the oldest session of each comes first.

CREATED is when the person signed in, LAST USED when the session was last
refreshed, both in the shop's time zone. ADDRESS is where that was, and USER
AGENT the beginning of what the browser called itself at the sign-in.

With --json it prints a list of objects with all that is known of each session
and times in UTC, "[]" if there is none.

Exit status: 0 done, 1 if nobody has the address or the database cannot be
read, 2 for wrong usage.

Example:

  gatehouse sessions list --staff mere@shop.example`,
		action: &listSessions{},
	}
}

type listSessions struct {
	noArguments
	json  bool
	staff givenText
}

func (a *listSessions) flags(flags *flag.FlagSet) {
	flags.BoolVar(&a.json, "json", false, "print a list of JSON objects")
	flags.Func("staff", "sessions of the person with this `EMAIL`", a.staff.set)
}

func (a *listSessions) check(args []string) error {
	if a.staff.given && a.staff.text == "" {
		return usageError("--staff needs an e-mail address")
	}
	return a.noArguments.check(args)
}

func (a *listSessions) run(ctx context.Context, env Environment, useCases UseCases, _ []string) error {
	sessions, err := useCases.ListStaffSessions.Execute(ctx, sessions.ListStaffSessionsQuery{Client: env.Client, Email: a.staff.text})
	if err != nil {
		return explain(err, a.staff.text)
	}
	if a.json {
		return writeJSON(env.Out, sessionObjects(sessions))
	}
	return writeTable(env.Out, sessionRows(sessions, env.Zone))
}

// sessionObjects is all that an operator may know of sessions; what is not known is null.
func sessionObjects(sessions []sessions.StaffSession) []object {
	objects := []object{}
	for _, s := range sessions {
		objects = append(objects, object{
			{"id", string(s.Session.ID)},
			{"staff_id", string(s.Staff.ID)},
			{"email", string(s.Staff.Email)},
			{"created_at", timestamp(s.Session.CreatedAt)},
			{"last_used_at", timestamp(s.Session.LastUsedAt)},
			{"expires_at", timestamp(s.Session.ExpiresAt)},
			{"address", orNull(peer(domain.Client{Address: s.Session.Address}))},
			{"last_address", orNull(lastPeer(s.Session))},
			{"user_agent", orNull(s.Session.UserAgent)},
			{"django_token_adopted", s.Session.AdoptedToken != ""},
		})
	}
	return objects
}

func sessionRows(sessions []sessions.StaffSession, zone *time.Location) [][]string {
	rows := [][]string{{"CREATED", "LAST USED", "STAFF", "ADDRESS", "USER AGENT", "ID"}}
	for _, s := range sessions {
		rows = append(rows, []string{
			s.Session.CreatedAt.In(zone).Format(time.RFC3339), s.Session.LastUsedAt.In(zone).Format(time.RFC3339),
			string(s.Staff.Email), lastPeer(s.Session), shortened(s.Session.UserAgent), string(s.Session.ID),
		})
	}
	return rows
}

func lastPeer(session domain.Session) string {
	return peer(domain.Client{Address: session.LastAddress})
}

// shortened leaves of a text what fits into a column. It is measured as it is printed.
func shortened(text string) string {
	const most = 40
	text = printable(text)
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
