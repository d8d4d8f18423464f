package cli

import (
	"context"
	"flag"

	"gatehouse/application/roster"
	"gatehouse/domain"
)

func staffAdd() *Command {
	return &Command{
		Name: "staff add",
		Arguments: "EMAIL --first-name NAME --last-name NAME [--preferred-name NAME] " +
			"[--office] [--no-workshop] [--superuser] [--print]",
		Summary: "make an account",
		Description: `Makes an account with a new id for somebody who is not in the shop's Django
system. A link with which the person sets the first password is sent, or printed
where mail is not set up: so nobody else knows the password. Later on,
"gatehouse staff invite" makes another one.

The person is workshop staff, unless --no-workshop says otherwise, and office
staff only with --office; both together are possible. For a person with a
single name, give the other one as "".

An address belongs to one person, whatever its letter case.

Exit status: 0 done, 1 if the address is taken or a value cannot be stored, 2
for wrong usage.

Example:

  gatehouse staff add mere@shop.example --first-name Mere --last-name Parata`,
		Creates: true,
		action:  &addStaff{},
	}
}

type addStaff struct {
	oneAddress
	first, last, preferred        givenText
	office, noWorkshop, superuser bool
	print                         bool
}

// A givenText tells an empty text from none.
type givenText struct {
	text  string
	given bool
}

func (g *givenText) set(text string) error {
	*g = givenText{text, true}
	return nil
}

func (a *addStaff) flags(flags *flag.FlagSet) {
	flags.Func("first-name", "the person's first `NAME`", a.first.set)
	flags.Func("last-name", "the person's last `NAME`", a.last.set)
	flags.Func("preferred-name", "the `NAME` by which the person wants to be called", a.preferred.set)
	flags.BoolVar(&a.office, "office", false, "the person works in the office")
	flags.BoolVar(&a.noWorkshop, "no-workshop", false, "the person does not work in the workshop")
	flags.BoolVar(&a.print, "print", false, "print the link, also where mail is set up")
	flags.BoolVar(&a.superuser, "superuser", false, "the person may do everything in the shop's job system")
}

func (a *addStaff) check(args []string) error {
	if !a.first.given || !a.last.given {
		return usageError(`--first-name and --last-name are both needed (write "" for a name that somebody does not have)`)
	}
	return a.oneAddress.check(args)
}

func (a *addStaff) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	result, err := useCases.AddStaff.Execute(ctx, roster.AddStaffCommand{Profile: a.profile(args[0]), Client: env.Client})
	if err != nil {
		return explain(err, args[0])
	}
	if err := say(env.Out, "%s is added with the id %s", result.Staff.Email, result.Staff.ID); err != nil {
		return err
	}
	hand := invitation(env, a.print)
	if env.PublicURL == "" && !hand.byMail {
		return say(env.Out, "there is no password yet: set GATEHOUSE_PUBLIC_URL, then make a link with gatehouse staff invite %s", result.Staff.Email)
	}
	return hand.run(ctx, env, useCases, args[0])
}

func (a *addStaff) profile(email string) domain.Profile {
	return domain.Profile{
		Email:            domain.Email(email),
		FirstName:        a.first.text,
		LastName:         a.last.text,
		PreferredName:    a.preferred.text,
		HasPreferredName: a.preferred.given,
		IsActive:         true,
		IsOfficeStaff:    a.office,
		IsWorkshopStaff:  !a.noWorkshop,
		IsSuperuser:      a.superuser,
	}
}
