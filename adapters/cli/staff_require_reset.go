package cli

import (
	"context"
	"errors"
	"flag"
	"strconv"
	"time"

	"gatehouse/application/credentials"
	"gatehouse/domain"
)

func staffRequireReset() *Command {
	return &Command{
		Name:      "staff require-reset",
		Arguments: "EMAIL | (--weaker-than HASH|--older-than AGE|--all) [--dry-run]",
		Summary:   "make a change of the password due",
		Description: `Makes the person with the address EMAIL, or everybody to whom the criterion
applies, change the password before the next sign-in. The present password
still serves to change it, and nothing else; sessions give no more tokens.
With PASSWORD_RESET_ENFORCEMENT=warn it is only announced: nobody is kept out.

--weaker-than argon2id is everybody whose hash is weaker than the ones that are
made today. The kinds are, the weakest first: pbkdf2_sha1, pbkdf2_sha256,
bcrypt, bcrypt_sha256, scrypt, argon2 (its other variants), argon2id; what is
no hash is weaker than all. Hashes of the kind itself count if they cost less
than the number: pbkdf2_sha256:600000 (iterations), bcrypt:12 (cost),
scrypt:16384 (work factor). A hash is replaced by a better one when its owner
signs in, so this finds those who have not.

--older-than 365d is everybody whose password was not changed here in that
time. Of an imported password nobody knows the age: it counts as old.

People without a usable password, and those who have to change it already, are
left alone and not counted. With --dry-run it prints whom it would be, and how
many, and changes nothing. Each person is a step of its own: if it is
interrupted, ask again.

Exit status: 0 done, also if it is nobody, or a change was due already; 1 if
nobody has the address, 2 for wrong usage.

Example:

  gatehouse staff require-reset mere@shop.example
  gatehouse staff require-reset --weaker-than argon2id --dry-run`,
		action: &requireReset{},
	}
}

type requireReset struct {
	all, dryRun bool
	weakerThan  givenText
	olderThan   age
}

func (a *requireReset) flags(flags *flag.FlagSet) {
	flags.Func("weaker-than", "everybody whose hash is weaker than `HASH`, such as argon2id", a.weakerThan.set)
	flags.Func("older-than", "everybody whose password is older than `AGE`, such as 365d", a.olderThan.set)
	flags.BoolVar(&a.all, "all", false, "everybody")
	flags.BoolVar(&a.dryRun, "dry-run", false, "print who it would be, and change nothing")
}

func (a *requireReset) check(args []string) error {
	criteria := len(args)
	for _, given := range []bool{a.weakerThan.given, a.olderThan > 0, a.all} {
		if given {
			criteria++
		}
	}
	switch {
	case criteria == 0:
		return usageError("say whose password: an e-mail address, --weaker-than, --older-than or --all")
	case criteria > 1:
		return usageError("one e-mail address, --weaker-than, --older-than and --all exclude each other: give one")
	case len(args) == 1 && a.dryRun:
		return usageError("--dry-run goes with --weaker-than, --older-than or --all")
	case a.weakerThan.given && a.weakerThan.text == "":
		return usageError("--weaker-than needs a kind of hash, such as argon2id")
	case len(args) == 1:
		return oneAddress{}.check(args)
	}
	return nil
}

func (a *requireReset) run(ctx context.Context, env Environment, useCases UseCases, args []string) error {
	if len(args) == 1 {
		return a.one().run(ctx, env, useCases, args)
	}
	result, err := useCases.RequirePasswordResets.Execute(ctx, credentials.RequirePasswordResetsCommand{
		Whose:  credentials.ResetCriterion{All: a.all, WeakerThan: a.weakerThan.text, OlderThan: time.Duration(a.olderThan)},
		DryRun: a.dryRun, Client: env.Client,
	})
	if errors.Is(err, domain.ErrUnknownHash) {
		return usageError("--weaker-than: %s", detail(err, domain.ErrUnknownHash))
	}
	if err != nil {
		return a.interrupted(env, result, err)
	}
	return a.report(env, result)
}

func (a *requireReset) one() *change {
	return &change{
		execute: func(ctx context.Context, useCases UseCases, email string, client domain.Client) (domain.StaffChange, error) {
			return useCases.RequirePasswordReset.Execute(ctx, credentials.RequirePasswordResetCommand{Email: email, Client: client})
		},
		done:    "%s must change the password at the next sign-in",
		already: "%s had to change the password already",
	}
}

func (a *requireReset) report(env Environment, result credentials.RequirePasswordResetsResult) error {
	if !a.dryRun {
		return say(env.Out, "%s must change the password at the next sign-in", people(result))
	}
	for _, staff := range result.Staff {
		if err := say(env.Out, "%s", staff.Email); err != nil {
			return err
		}
	}
	return say(env.Out, "%s would have to change the password; nothing has been changed", people(result))
}

// interrupted tells how far it has got.
func (a *requireReset) interrupted(env Environment, result credentials.RequirePasswordResetsResult, cause error) error {
	if len(result.Staff) == 0 {
		return explain(cause, "")
	}
	if err := say(env.Out, "%s must change the password at the next sign-in; the others not yet", people(result)); err != nil {
		return err
	}
	return &failure{"it was not finished: ask again", cause}
}

func people(result credentials.RequirePasswordResetsResult) string {
	if len(result.Staff) == 1 {
		return "1 person"
	}
	return strconv.Itoa(len(result.Staff)) + " people"
}
