package body

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// A Refusal is a request that is refused for its form, before any use case sees it.
// body is the whole answer, as JSON.
type Refusal struct {
	Status int
	Body   []byte
}

// Error names the status alone: the answer may quote the request, a log must not.
func (e *Refusal) Error() string { return "request refused: " + http.StatusText(e.Status) }

// Refuse answers {"detail": sentence}.
func Refuse(status int, sentence string) *Refusal {
	return &Refusal{status, AppendJSON(nil, struct {
		Detail string `json:"detail"`
	}{sentence})}
}

// A fieldFault is what is wrong with one field, or with none in particular.
type fieldFault struct {
	field    string
	messages []string
}

// fieldsError answers 400 with one member for each fault, in their order.
func fieldsError(faults ...fieldFault) *Refusal {
	body := []byte("{")
	for i, fault := range faults {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(AppendJSON(body, fault.field), ':')
		body = AppendJSON(body, fault.messages)
	}
	return &Refusal{http.StatusBadRequest, append(body, '}')}
}

// RefuseField answers 400 with what is wrong with one field.
func RefuseField(field string, messages ...string) *Refusal {
	return fieldsError(fieldFault{field, messages})
}

// wholeBodyError answers 400 for a body that is not a set of fields at all.
func wholeBodyError(sentence string) *Refusal {
	return RefuseField("non_field_errors", sentence)
}

// AppendJSON appends v in the spelling of DRF's renderer: compact, only what JSON and
// JavaScript forbid in a string is escaped. v must be a type that always encodes.
func AppendJSON(dst []byte, v any) []byte {
	out := bytes.NewBuffer(dst)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
