package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	"gatehouse/application/audit"
	"gatehouse/domain"
)

func auditVerify() *Command {
	return &Command{
		Name:      "audit verify",
		Arguments: "[--anchor SEQUENCE:SEAL]",
		Summary:   "check that nobody has changed the audit trail",
		Description: `Reads the whole audit trail and checks that every event is as it was written,
where it was written: each carries a keyed hash over itself and the one before
it, and the key, audit.key, is outside the database. The trail must also reach
as far as the file audit.head beside the database says, which is signed with the
same key. The tables, the indexes
and the triggers that refuse changes must be as gatehouse makes them, with
nothing added. The service may run meanwhile.

It names the first event that was changed, removed, moved or put in; from there
on the hashes prove nothing. Events that were removed because they were old are
accounted for by a signed checkpoint. It tells where the database was put back
to an earlier state, because what was written after that state is gone.

It prints where the trail ends, a number and a seal. Somebody who puts an older
database and an older audit.head back together leaves nothing here that tells.
So write the end down on another machine, from time to time, and give it to
--anchor later: the trail must still hold that very event.

Who can read audit.key can make a trail that passes. Keep a copy of the key and
of exports elsewhere, out of reach of whoever looks after this machine.

Exit status: 0 the trail is whole, 1 if it is not or the database cannot be
read, 2 for wrong usage.

Example:

  gatehouse audit verify`,
		action: &verifyAuditTrail{},
	}
}

type verifyAuditTrail struct {
	anchor domain.AuditMark
	noArguments
}

func (a *verifyAuditTrail) flags(flags *flag.FlagSet) {
	flags.Func("anchor", "an end of the trail that was printed earlier, which it must still hold", func(text string) (err error) {
		var is bool
		if a.anchor, is = domain.ParseAuditMark(text); !is {
			err = errors.New("give a number and a seal as audit verify has printed them, 7:0a…")
		}
		return err
	})
}

func (a *verifyAuditTrail) run(ctx context.Context, env Environment, useCases UseCases, _ []string) error {
	result, err := useCases.VerifyAuditTrail.Execute(ctx, audit.VerifyAuditTrailQuery{Client: env.Client, Anchor: a.anchor})
	if err != nil {
		return explain(err, "")
	}
	if problem := aroundSentence(result); problem != "" {
		return &failure{printable(problem + ": somebody has been at the database; " + evidence), domain.ErrTrailBroken}
	}
	if err := say(env.Out, "%s", wholeSentence(result, env.Zone)); err != nil {
		return err
	}
	if err := sayEnd(env, result.End); err != nil {
		return err
	}
	return sayGaps(env, result.Gaps)
}

// sayEnd tells what to write down elsewhere.
func sayEnd(env Environment, end domain.AuditMark) error {
	if end == (domain.AuditMark{}) {
		return nil
	}
	return say(env.Out, "it ends with %s: kept on another machine, that shows later with --anchor whether the trail still holds it", end)
}

// aroundSentence says what is wrong with the database although no event has been changed.
func aroundSentence(result audit.VerifyAuditTrailResult) string {
	if len(result.Unguarded) == 0 {
		return ""
	}
	return "the chain of events is whole, but the database is no longer protected: " + strings.Join(result.Unguarded, ", ")
}

// sayGaps tells when the database was put back.
func sayGaps(env Environment, gaps []domain.AuditEvent) error {
	for _, gap := range gaps {
		was := "was put back to an earlier state, and what was written after that is not in the trail"
		if gap.Reason == domain.ReasonHistoryMissing {
			was = "may have been put back to an earlier state: audit.head was missing"
		}
		err := say(env.Out, "event %d, %s: %s: the database %s",
			gap.Sequence, gap.At.In(env.Zone).Format(time.RFC3339), gap.Kind, was)
		if err != nil {
			return err
		}
	}
	return nil
}

const evidence = "keep a copy of the data directory as it is, find out who could write to it, and compare the trail with a backup or an export"

func damageSentence(damage *domain.TrailBreak) string {
	if damage.How == domain.TrailEndUnknown {
		return fmt.Sprintf("audit.head is missing or unreadable, or is not signed with audit.key: %s: "+
			"somebody has been at the data directory, or it was copied without that file; the next start of the service ends every session; %s", whatIsThere(damage), evidence)
	}
	sentence := fmt.Sprintf("the audit trail is broken at event %d: ", damage.Sequence)
	switch damage.How {
	case domain.TrailAltered:
		sentence += "it is not as it was written; it was changed, moved or put in, or the seal before it was changed"
	case domain.TrailMissing:
		sentence += "it is missing, perhaps with others after it"
	case domain.TrailInserted:
		sentence += "it was put in where no event belongs"
	case domain.TrailReplaced:
		sentence += "another event was known to be there; the database was put back to an earlier state, and written to since"
	case domain.TrailCheckpointForged:
		sentence += "the checkpoint that stands for the events up to there, which were removed as old, is not genuine"
	}
	if damage.AtStart && damage.How != domain.TrailMissing {
		sentence += ", or audit.key is not the one it was sealed with"
	}
	return sentence + ": " + evidence
}

// whatIsThere says how far a trail goes whose end is not known.
func whatIsThere(damage *domain.TrailBreak) string {
	if damage.Sequence == 1 {
		return "there are people in the database and no event in the audit trail, so events are missing"
	}
	return fmt.Sprintf("the audit trail is whole up to event %d, but whether events are missing at the end cannot be told", damage.Sequence-1)
}

func wholeSentence(result audit.VerifyAuditTrailResult, zone *time.Location) string {
	if result.Events == 0 {
		return "the audit trail is whole: it has no events" + removed(result.Checkpoint, zone)
	}
	return fmt.Sprintf("the audit trail is whole: %d events, %d to %d, are as they were written%s",
		result.Events, result.First, result.Last, removed(result.Checkpoint, zone))
}

func removed(checkpoint domain.AuditCheckpoint, zone *time.Location) string {
	if checkpoint == (domain.AuditCheckpoint{}) {
		return ""
	}
	return fmt.Sprintf("; those up to %d, of %s and before, were removed as old on %s",
		checkpoint.Last.Sequence, checkpoint.At.In(zone).Format(time.RFC3339), checkpoint.RemovedAt.In(zone).Format(time.RFC3339))
}
