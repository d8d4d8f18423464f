package cli

import (
	"context"
	"errors"
	"flag"
	"time"

	"gatehouse/application/roster"
	"gatehouse/domain"
)

func staffLeave() *Command {
	return &Command{
		Name:      "staff leave",
		Arguments: "EMAIL --on DATE",
		Summary:   "let an account end on a day",
		Description: `Sets the first day on which the person with the address EMAIL does not work in
the shop any more. From the first minute of that day in the shop's time zone
nobody can sign in to the account and every session is over; if the day is
today or past, that is at once.

A later call replaces the day. To take it back, say "gatehouse staff activate"
once the day has come, or set a day far away before.

Exit status: 0 done, also if the day was set already; 1 if nobody has the
address, 2 for wrong usage.

Example:

  gatehouse staff leave mere@shop.example --on 2026-12-24`,
		action: &leaveStaff{},
	}
}

type leaveStaff struct {
	oneAddress
	on domain.Date
}

func (a *leaveStaff) flags(flags *flag.FlagSet) {
	flags.Func("on", "the first `DATE` on which the person does not work here, as 2026-12-24", func(text string) (err error) {
		a.on, err = domain.ParseDate(text)
		return err
	})
}

func (a *leaveStaff) check(args []string) error {
	if a.on.IsZero() {
		return usageError("the day is missing: --on 2026-12-24")
	}
	return a.oneAddress.check(args)
}

func (a *leaveStaff) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	result, err := useCases.LeaveStaff.Execute(ctx, roster.LeaveStaffCommand{
		Email: args[0], On: a.on, Client: env.Client,
	})
	if err != nil {
		return explain(err, args[0])
	}
	already := ""
	if !result.Changed {
		already = " (that was set already)"
	}
	said := say(env.Out, "%s %s%s", result.Staff.Email, consequence(result.Staff, env), already)
	return errors.Join(said, warnOfLast(env, result.LastSuperuser))
}

// consequence says what a day of leaving means for somebody.
func consequence(staff domain.Staff, env Environment) string {
	switch on := staff.DateLeft.String(); statusOf(staff, env.today()) {
	case statusLeaves:
		return "leaves on " + on + " and can sign in until then: " + lastInstant(staff.DateLeft, env.Zone)
	case statusLeft:
		return "left on " + on + ": nobody can sign in any more, and every session is over"
	default:
		return "leaves on " + on + "; the account is inactive already"
	}
}

// lastInstant is when access ends: the first instant of the day of leaving.
func lastInstant(left domain.Date, zone *time.Location) string {
	day, _ := time.Parse(time.DateOnly, left.String()) // a Date is well formed
	return startOfDay(day, zone).Format(time.RFC3339)
}
