package cli

import (
	"context"

	"gatehouse/application/credentials"
	"gatehouse/application/roster"
)

func staffSetPassword() *Command {
	return &Command{
		Name:      "staff set-password",
		Arguments: "EMAIL",
		Summary:   "give a person a password to start with",
		Description: `Sets the password of the account with the address EMAIL. The person must
change it at the next sign-in, and every session of the person is over at
once.

On a terminal the password is asked for twice, without showing it. Otherwise
it is read from standard input: all of it, except one line break at the end.
There is no way to give it as an argument, where other users of the machine
could see it.

Exit status: 0 done, 1 if nobody has the address, the password breaks a rule
or was typed differently the second time, 2 for wrong usage and for no
password.

Example:

  gatehouse staff set-password mere@shop.example
  pwgen -s 20 1 | tee /dev/tty | gatehouse staff set-password mere@shop.example`,
		action: setPassword{},
	}
}

type setPassword struct {
	noFlags
}

func (setPassword) check(args []string) error {
	if len(args) > 1 {
		return usageError("one e-mail address is expected and nothing else: the password is read from the terminal or from standard input")
	}
	return oneAddress{}.check(args)
}

// run looks for the account first: otherwise the operator would think of a password in vain.
func (setPassword) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	if _, err := useCases.ShowStaff.Execute(ctx, roster.ShowStaffQuery{Client: env.Client, Email: args[0]}); err != nil {
		return explain(err, args[0])
	}
	password, err := readPassword(ctx, env)
	if err != nil {
		return err
	}
	result, err := useCases.SetPassword.Execute(ctx, credentials.SetPasswordCommand{
		Email: args[0], Password: password, Client: env.Client,
	})
	if err != nil {
		return explain(err, args[0])
	}
	return say(env.Out, "the password of %s is set: every session is over, and the person must change it at the next sign-in",
		result.Staff.Email)
}
