package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"gatehouse/domain"
)

// maxPasswordInput is how much of standard input is looked at, in bytes. It is more than
// any password that is accepted and its line break.
const maxPasswordInput = 4 << 10

// readPassword asks for a password on a terminal, or reads one from anything else.
func readPassword(ctx context.Context, env Environment) (domain.Password, error) {
	read := readPiped
	if file, ok := env.In.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		read = func(ctx context.Context, env Environment) (string, error) { return askTwice(ctx, file, env.Err) }
	}
	text, err := read(ctx, env)
	switch {
	case err != nil:
		return domain.Password{}, err
	case text == "":
		return domain.Password{}, usageError("no password was given: type it on the terminal, or hand it in on standard input")
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return domain.Password{}, errors.New("the password is not UTF-8 text without NUL characters: nobody could sign in with it")
	}
	return domain.NewPassword(text), nil
}

func readPiped(ctx context.Context, env Environment) (string, error) {
	input, err := interruptible(ctx, func() ([]byte, error) {
		return io.ReadAll(io.LimitReader(env.In, maxPasswordInput+1))
	})
	switch {
	case err != nil:
		return "", explainFile(err, "standard input")
	case len(input) > maxPasswordInput:
		return "", explain(domain.RefusePassword(domain.BrokenRule{Rule: domain.PasswordTooLong, Limit: domain.MaxPasswordLength}), "")
	}
	return withoutLineBreak(string(input)), nil
}

// withoutLineBreak removes the line break that echo and editors put at the end.
func withoutLineBreak(text string) string {
	if line, found := strings.CutSuffix(text, "\r\n"); found {
		return line
	}
	return strings.TrimSuffix(text, "\n")
}

func askTwice(ctx context.Context, terminal *os.File, prompts io.Writer) (string, error) {
	first, err := ask(ctx, terminal, prompts, "New password: ")
	if err != nil || first == "" {
		return "", err
	}
	second, err := ask(ctx, terminal, prompts, "New password again: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the two passwords differ: nothing has been changed")
	}
	return first, nil
}

// ask leaves the terminal with its echo as it was, also when the operator interrupts.
func ask(ctx context.Context, terminal *os.File, prompts io.Writer, prompt string) (string, error) {
	descriptor := int(terminal.Fd())
	before, err := term.GetState(descriptor)
	if err != nil {
		return "", explainFile(err, "the terminal")
	}
	if err := write(prompts, prompt); err != nil {
		return "", err
	}
	typed, err := interruptible(ctx, func() ([]byte, error) { return term.ReadPassword(descriptor) })
	_, _ = fmt.Fprintln(prompts) // the line break that was not echoed
	if err != nil {
		_ = term.Restore(descriptor, before) // the read is still waiting
		return "", explainFile(err, "the terminal")
	}
	return string(typed), nil
}

// interruptible returns what read returns, or the error of ctx as soon as it is cancelled:
// a read from a terminal or a pipe would make an operator who wants to stop wait. What was
// read then is dropped.
func interruptible[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := read()
		done <- outcome{value, err}
	}()
	select {
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	case o := <-done:
		return o.value, o.err
	}
}
