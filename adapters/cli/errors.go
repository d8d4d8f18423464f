package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"gatehouse/domain"
	"gatehouse/ports"
)

// A UsageError says what is wrong with the way a command was called: exit status 2. Every
// other error is exit status 1.
type UsageError struct {
	Problem string
}

// Error returns the sentence, safe to print on a terminal.
func (e *UsageError) Error() string { return e.Problem }

func usageError(format string, args ...any) error {
	return &UsageError{printable(fmt.Sprintf(format, args...))}
}

// A failure is an error in the operator's words.
type failure struct {
	sentence string
	cause    error
}

func (f *failure) Error() string { return f.sentence }
func (f *failure) Unwrap() error { return f.cause }

// explain puts an error of a use case into words; about is the
// address of a person or the id of a session that the command was about.
func explain(err error, about string) error {
	return &failure{printable(sentence(err, about)), err}
}

// sentence is the one place where errors of the domain become text for the operator.
func sentence(err error, about string) string {
	if refusal, ok := errors.AsType[*domain.PasswordRefusal](err); ok {
		return "the password is refused. " + strings.TrimSuffix(strings.Join(refusal.Sentences(), " "), ".")
	}
	if damage, ok := errors.AsType[*domain.TrailBreak](err); ok && !errors.Is(err, domain.ErrBackupRefused) {
		return damageSentence(damage)
	}
	switch {
	case errors.Is(err, domain.ErrStaffNotFound):
		return "nobody has the address " + about + ": see gatehouse staff list"
	case errors.Is(err, domain.ErrAccountInactive):
		return about + " cannot sign in, so the link would not work: see gatehouse staff activate"
	case errors.Is(err, domain.ErrPasswordSet):
		return about + " has a password already: see gatehouse staff reset-link"
	case errors.Is(err, domain.ErrSessionNotFound):
		return "there is no session " + about + ": see gatehouse sessions list"
	case errors.Is(err, domain.ErrEmailTaken):
		return "another member of staff has this address, perhaps in other letter case: see gatehouse staff show " + about
	case errors.Is(err, domain.ErrInvalidStaff):
		return detail(err, domain.ErrInvalidStaff)
	case errors.Is(err, domain.ErrImportRefused):
		return "nothing was imported: mend the refused rows, or import the others with --partial"
	case errors.Is(err, domain.ErrAnchorRetired):
		return "the event of --anchor was removed as old, so it cannot be compared: take one that was printed later"
	case errors.Is(err, domain.ErrBackupRefused):
		return detail(err, domain.ErrBackupRefused) + ": nothing has been changed"
	case errors.Is(err, domain.ErrOverloaded):
		return "too many passwords are being hashed at once: nothing has been changed, try again"
	case errors.Is(err, domain.ErrBreachesUnknown):
		return err.Error() + ": nothing has been changed, see PASSWORD_BREACHED_FILE"
	case errors.Is(err, domain.ErrUnavailable):
		return "the database cannot be used right now (" + detail(err, domain.ErrUnavailable) + "): nothing has been changed, try again"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return interruption(err)
	}
	return err.Error()
}

// interruption says what is left by what somebody has stopped.
func interruption(err error) string {
	if left, ok := errors.AsType[*ports.LeftFile](err); ok {
		return "interrupted; " + left.Error()
	}
	return "interrupted: nothing has been changed"
}

// detail is what err says besides the text of the sentinel that it starts with.
func detail(err, sentinel error) string {
	return strings.TrimPrefix(err.Error(), sentinel.Error()+": ")
}

// explainFile says which file cannot be read, and why.
func explainFile(err error, name string) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return explain(err, "")
	}
	text := err.Error()
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		text = failed.Err.Error()
	}
	return &failure{printable(name + ": " + text), err}
}
