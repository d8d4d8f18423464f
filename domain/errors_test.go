package domain_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/domain"
)

// sentinels says of every error of the package what the audit trail makes of it when it
// comes bare. Those without a reason are never a decision that is audited: they say that
// there was none, or come as a Refusal that knows the reason, or go to an operator.
var sentinels = map[string]struct {
	err     error
	reason  domain.Reason
	outcome domain.Outcome
}{
	"ErrTokenInvalid":    {domain.ErrTokenInvalid, domain.ReasonTokenInvalid, domain.OutcomeFailure},
	"ErrTokenExpired":    {domain.ErrTokenExpired, domain.ReasonTokenExpired, domain.OutcomeFailure},
	"ErrTokenWrongType":  {domain.ErrTokenWrongType, domain.ReasonTokenWrongType, domain.OutcomeFailure},
	"ErrTokenNoType":     {domain.ErrTokenNoType, domain.ReasonTokenIncomplete, domain.OutcomeFailure},
	"ErrTokenNoID":       {domain.ErrTokenNoID, domain.ReasonTokenIncomplete, domain.OutcomeFailure},
	"ErrTokenNoExpiry":   {domain.ErrTokenNoExpiry, domain.ReasonTokenIncomplete, domain.OutcomeFailure},
	"ErrTokenNoStaff":    {domain.ErrTokenNoStaff, domain.ReasonTokenIncomplete, domain.OutcomeFailure},
	"ErrSessionEnded":    {domain.ErrSessionEnded, domain.ReasonSessionEnded, domain.OutcomeFailure},
	"ErrSessionNotFound": {domain.ErrSessionNotFound, domain.ReasonSessionEnded, domain.OutcomeFailure},
	"ErrNotAllowed":      {domain.ErrNotAllowed, domain.ReasonNotAllowed, domain.OutcomeBlocked},
	"ErrLastSuperuser":   {domain.ErrLastSuperuser, domain.ReasonLastSuperuser, domain.OutcomeBlocked},
	"ErrStaffNotFound":   {domain.ErrStaffNotFound, domain.ReasonAccountDeleted, domain.OutcomeFailure},
	"ErrPasswordRefused": {domain.ErrPasswordRefused, domain.ReasonPasswordRefused, domain.OutcomeFailure},
	"ErrCrossSite":       {domain.ErrCrossSite, domain.ReasonCrossSite, domain.OutcomeBlocked},
	"ErrThrottled":       {domain.ErrThrottled, domain.ReasonThrottled, domain.OutcomeBlocked},
	"ErrLinkInvalid":     {domain.ErrLinkInvalid, domain.ReasonLinkUnknown, domain.OutcomeFailure},
	"ErrMailOff":         {domain.ErrMailOff, domain.ReasonMailOff, domain.OutcomeBlocked},
	"ErrMailRefused":     {domain.ErrMailRefused, domain.ReasonMailRefused, domain.OutcomeFailure},
	"ErrOutboxFull":      {domain.ErrOutboxFull, domain.ReasonOutboxFull, domain.OutcomeBlocked},

	"ErrLinkNotSent":           {domain.ErrLinkNotSent, "", domain.OutcomeFailure},
	"ErrPasswordSet":           {domain.ErrPasswordSet, "", domain.OutcomeFailure},
	"ErrInvalidCredentials":    {domain.ErrInvalidCredentials, "", domain.OutcomeFailure},
	"ErrPasswordResetRequired": {domain.ErrPasswordResetRequired, "", domain.OutcomeFailure},
	"ErrAccountInactive":       {domain.ErrAccountInactive, "", domain.OutcomeFailure},
	"ErrNotYourSession":        {domain.ErrNotYourSession, "", domain.OutcomeFailure},
	"ErrEmailTaken":            {domain.ErrEmailTaken, "", domain.OutcomeFailure},
	"ErrInvalidStaff":          {domain.ErrInvalidStaff, "", domain.OutcomeFailure},
	"ErrImportRefused":         {domain.ErrImportRefused, "", domain.OutcomeFailure},
	"ErrAnchorRetired":         {domain.ErrAnchorRetired, "", domain.OutcomeFailure},
	"ErrTrailBroken":           {domain.ErrTrailBroken, "", domain.OutcomeFailure},
	"ErrBackupRefused":         {domain.ErrBackupRefused, "", domain.OutcomeFailure},
	"ErrUnknownHash":           {domain.ErrUnknownHash, "", domain.OutcomeFailure},
	"ErrUnavailable":           {domain.ErrUnavailable, "", domain.OutcomeFailure},
	"ErrOverloaded":            {domain.ErrOverloaded, "", domain.OutcomeFailure},
	"ErrBreachesUnknown":       {domain.ErrBreachesUnknown, "", domain.OutcomeFailure},
}

func TestEverySentinelIsConsidered(t *testing.T) {
	declared := declaredErrors(t)
	for name := range declared {
		if _, ok := sentinels[name]; !ok {
			t.Errorf("%s is new: say in this test which reason the audit trail gives for it", name)
		}
	}
	for name := range sentinels {
		if !declared[name] {
			t.Errorf("%s is not declared any more", name)
		}
	}
}

func TestReasonOfSentinels(t *testing.T) {
	for name, want := range sentinels {
		for _, err := range []error{want.err, fmt.Errorf("twice: %w", fmt.Errorf("wrapped: %w", want.err))} {
			if got := domain.ReasonOf(err); got != want.reason {
				t.Errorf("the reason of %s is %q, want %q", name, got, want.reason)
			}
			if got := domain.OutcomeOf(err); got != want.outcome {
				t.Errorf("the outcome of %s is %q, want %q", name, got, want.outcome)
			}
			if got := domain.IsRefusal(err); got != (want.reason != "") {
				t.Errorf("%s is a refusal: %t, want %t", name, got, want.reason != "")
			}
		}
	}
}

// Each text is shown to people and matched by nobody: it must tell one from another.
func TestSentinelsAreDistinct(t *testing.T) {
	texts := map[string]string{}
	for name, sentinel := range sentinels {
		text := sentinel.err.Error()
		if other, ok := texts[text]; ok {
			t.Errorf("%s and %s both say %q", name, other, text)
		}
		texts[text] = name
		for other := range sentinels {
			lack := (name == "ErrOverloaded" || name == "ErrBreachesUnknown" || name == "ErrOutboxFull") && other == "ErrUnavailable"
			if got, want := errors.Is(sentinel.err, sentinels[other].err), name == other || lack; got != want {
				t.Errorf("%s is %s: %t, want %t", name, other, got, want)
			}
		}
	}
}

func TestRefusal(t *testing.T) {
	refusal := &domain.Refusal{Err: domain.ErrInvalidCredentials, Reason: domain.ReasonInactive}
	for _, err := range []error{refusal, fmt.Errorf("signing in: %w", refusal)} {
		mustRefuse(t, "a refusal", err, domain.ErrInvalidCredentials, domain.ReasonInactive)
		if !domain.IsRefusal(err) {
			t.Errorf("%v is no refusal", err)
		}
		if strings.Contains(err.Error(), string(domain.ReasonInactive)) {
			t.Errorf("the text %q gives the reason away", err)
		}
	}
	if got := refusal.Error(); got != domain.ErrInvalidCredentials.Error() {
		t.Errorf("the text is %q, want that of the public error", got)
	}
}

func TestReasonOfTheUnknown(t *testing.T) {
	for _, err := range []error{nil, errors.New("a disk is broken"), fs.ErrNotExist} {
		if domain.ReasonOf(err) != "" || domain.IsRefusal(err) {
			t.Errorf("%v has the reason %q, want none", err, domain.ReasonOf(err))
		}
	}
}

// declaredErrors finds the package's variables whose names begin with Err.
func declaredErrors(t *testing.T) map[string]bool {
	t.Helper()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, source := range sources {
		file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			for _, name := range variables(declaration) {
				if file.Name.Name == "domain" && strings.HasPrefix(name, "Err") {
					found[name] = true
				}
			}
		}
	}
	return found
}

func variables(declaration ast.Decl) (names []string) {
	general, ok := declaration.(*ast.GenDecl)
	if !ok || general.Tok != token.VAR {
		return nil
	}
	for _, spec := range general.Specs {
		for _, name := range spec.(*ast.ValueSpec).Names {
			names = append(names, name.Name)
		}
	}
	return names
}
