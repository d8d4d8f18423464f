package cli

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/application/roster"
	"gatehouse/domain"
)

// An importReport tells what became of an export, row by row.
type importReport struct {
	result  roster.ImportStaffResult
	unknown []string // names of columns that the import does not know
	// imported: what the result says was done. It was not if a row was refused in an
	// import of all or nothing.
	imported bool
}

// A verdict is what became of a row, in the operator's words.
type verdict string

const (
	rowAdded      verdict = "added"
	rowUpdated    verdict = "updated"
	rowNotAdded   verdict = "not added"
	rowNotUpdated verdict = "not updated"
	rowLeftAlone  verdict = "left alone"
	rowRefused    verdict = "refused"
)

func (v verdict) jsonName() string { return strings.ReplaceAll(string(v), " ", "_") }

func (r importReport) verdict(action domain.ImportAction) verdict {
	switch {
	case action == domain.ImportUnchanged:
		return rowLeftAlone
	case action == domain.ImportRefused:
		return rowRefused
	case action == domain.ImportAdded && r.imported:
		return rowAdded
	case action == domain.ImportAdded:
		return rowNotAdded
	case r.imported:
		return rowUpdated
	}
	return rowNotUpdated
}

func (r importReport) counts() map[verdict]int {
	counts := map[verdict]int{}
	for _, row := range r.result.Rows {
		counts[r.verdict(row.Action)]++
	}
	return counts
}

// text is a line for each row, and one with the sums.
func (r importReport) text() string {
	var out strings.Builder
	for _, row := range r.result.Rows {
		line := fmt.Sprintf("%-11s  row %-4d  %s", r.verdict(row.Action), row.Number, orDash(string(row.Email)))
		if remark := r.remark(row); remark != "" {
			line += "  " + remark
		}
		out.WriteString(printable(line) + "\n")
	}
	out.WriteString(r.sums() + "\n")
	for _, note := range r.notes() {
		out.WriteString(printable(note) + "\n")
	}
	return out.String()
}

// notes are about the list as a whole.
func (r importReport) notes() (notes []string) {
	if fields, people := r.assumed(); people > 0 {
		notes = append(notes, fmt.Sprintf("the list does not say of %d new people: %s; such a person is active, has no rights, and nothing is due",
			people, strings.Join(fields, ", ")))
	}
	if len(r.unknown) > 0 {
		notes = append(notes, "nobody knows these columns, so they were passed over; is one misspelt? "+strings.Join(r.unknown, ", "))
	}
	return notes
}

// assumed are the fields that are not said of somebody new, and of how many people.
func (r importReport) assumed() (fields []string, people int) {
	for _, row := range r.result.Rows {
		if len(row.Assumed) > 0 {
			people++
		}
		for _, field := range row.Assumed {
			if !slices.Contains(fields, field) {
				fields = append(fields, field)
			}
		}
	}
	return fields, people
}

func (r importReport) remark(row roster.ImportedRow) string {
	var remarks []string
	if !row.DeletedAt.IsZero() {
		remarks = append(remarks, "(deleted earlier: what was signed in before stays over)")
	}
	switch verdict := r.verdict(row.Action); {
	case verdict == rowAdded && row.Unusable:
		remarks = append(remarks, "(no usable password: send a link with gatehouse staff invite)")
	case verdict == rowUpdated && row.Unusable:
		remarks = append(remarks, "(no usable password in the export)") // there may be one here
	case row.Problem != nil:
		remarks = append(remarks, reason(row))
	}
	return strings.Join(remarks, " ")
}

// reason is why a row was refused.
func reason(row roster.ImportedRow) string {
	if row.Problem == nil {
		return ""
	}
	return sentence(row.Problem, string(row.Email))
}

func (r importReport) sums() string {
	verdicts := []verdict{rowAdded, rowUpdated, rowLeftAlone, rowRefused}
	if !r.imported {
		verdicts = []verdict{rowNotAdded, rowNotUpdated, rowLeftAlone, rowRefused}
	}
	counts := r.counts()
	var sums []string
	for _, verdict := range verdicts {
		sums = append(sums, fmt.Sprintf("%d %s", counts[verdict], verdict))
	}
	return strings.Join(sums, ", ")
}

// object has every sum, whatever happened, so that scripts find them all.
func (r importReport) object() object {
	result := object{{"imported", r.imported}}
	counts := r.counts()
	for _, verdict := range []verdict{rowAdded, rowUpdated, rowNotAdded, rowNotUpdated, rowLeftAlone, rowRefused} {
		result = append(result, member{verdict.jsonName(), counts[verdict]})
	}
	rows := []object{}
	for _, row := range r.result.Rows {
		rows = append(rows, object{
			{"row", row.Number},
			{"id", orNull(string(row.ID))},
			{"email", orNull(string(row.Email))},
			{"action", r.verdict(row.Action).jsonName()},
			{"reason", orNull(reason(row))},
			{"password_usable", !row.Unusable},
			{"deleted_earlier", !row.DeletedAt.IsZero()},
			{"not_said", names(row.Assumed)},
		})
	}
	return append(result, member{"unknown_columns", names(r.unknown)}, member{"rows", rows})
}

// names is a JSON list, also of none.
func names(of []string) []string { return append([]string{}, of...) }

// complaint is an error if rows were refused although the others were imported.
func (r importReport) complaint() error {
	if refused := r.counts()[rowRefused]; refused > 0 {
		return fmt.Errorf("refused: %d of %d rows; the others are imported", refused, len(r.result.Rows))
	}
	return nil
}
