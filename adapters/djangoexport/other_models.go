package djangoexport

import (
	"errors"
	"slices"
	"strings"
)

// otherModels remembers the first few models that are not staff, to say what the file
// holds instead.
type otherModels []string

const maxOtherModels = 5

func (m *otherModels) add(model string) {
	if len(*m) < maxOtherModels && isLabel(model) && !slices.Contains(*m, model) {
		*m = append(*m, model)
	}
}

// isLabel keeps out what is no name of a model and may be anything.
func isLabel(model string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."
	return len(model) <= 100 && strings.Trim(model, letters) == ""
}

func (m otherModels) explain() error {
	found := "nothing"
	if len(m) > 0 {
		found = strings.Join(m, ", ")
	}
	return errors.New("the export holds no staff, but " + found + ": " + howToExport)
}
