package cli

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
)

// Parse reads flags wherever they stand among the arguments, as operators write them
// ("staff leave EMAIL --on DATE"), and returns the other arguments; after "--" every
// argument is one of those. flags must be made with [flag.ContinueOnError].
//
// Errors: [flag.ErrHelp], and otherwise a [UsageError].
func Parse(flags *flag.FlagSet, args []string) ([]string, error) {
	var others []string
	for {
		if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			return nil, err
		} else if err != nil {
			return nil, usageError("%v", err)
		}
		rest := flags.Args()
		read := len(args) - len(rest)
		if len(rest) == 0 || read > 0 && args[read-1] == "--" {
			return append(others, rest...), nil
		}
		others = append(others, rest[0])
		args = rest[1:]
	}
}

// noFlags is the part of an action without flags of its own.
type noFlags struct{}

func (noFlags) flags(*flag.FlagSet) {}

// oneAddress is the part of an action whose only argument is an e-mail address.
type oneAddress struct{}

func (oneAddress) check(args []string) error { return wantOne(args, "e-mail address") }

// noArguments is the part of an action that takes flags only.
type noArguments struct{}

func (noArguments) check(args []string) error {
	if len(args) > 0 {
		return usageError("nothing but flags is expected here")
	}
	return nil
}

// wantOne does not repeat the arguments: one may be a password in the wrong place.
func wantOne(args []string, what string) error {
	switch {
	case len(args) == 0 || args[0] == "":
		return usageError("the %s is missing", what)
	case len(args) > 1:
		return usageError("one %s is expected, and %d arguments were given", what, len(args))
	}
	return nil
}

// oneOf reads the value of a flag that has few.
func oneOf[T ~string](value *T, allowed []T) func(string) error {
	return func(text string) error {
		if !slices.Contains(allowed, T(text)) {
			return fmt.Errorf("it must be one of %s", list(allowed, ", "))
		}
		*value = T(text)
		return nil
	}
}

func list[T ~string](words []T, separator string) string {
	var texts []string
	for _, word := range words {
		texts = append(texts, string(word))
	}
	return strings.Join(texts, separator)
}
