package fiberhttp

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// A clientError is a request that is refused for its form, before any use case sees it.
// body is the whole answer, as JSON.
type clientError struct {
	status int
	body   []byte
}

// Error names the status alone: the answer may quote the request, a log must not.
func (e *clientError) Error() string { return "request refused: " + http.StatusText(e.status) }

// detailError answers {"detail": sentence}.
func detailError(status int, sentence string) *clientError {
	return &clientError{status, appendJSON(nil, struct {
		Detail string `json:"detail"`
	}{sentence})}
}

// A fieldFault is what is wrong with one field, or with none in particular.
type fieldFault struct {
	field    string
	messages []string
}

// fieldsError answers 400 with one member for each fault, in their order.
func fieldsError(faults ...fieldFault) *clientError {
	body := []byte("{")
	for i, fault := range faults {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(appendJSON(body, fault.field), ':')
		body = appendJSON(body, fault.messages)
	}
	return &clientError{http.StatusBadRequest, append(body, '}')}
}

// fieldError answers 400 with what is wrong with one field.
func fieldError(field string, messages ...string) *clientError {
	return fieldsError(fieldFault{field, messages})
}

// wholeBodyError answers 400 for a body that is not a set of fields at all.
func wholeBodyError(sentence string) *clientError {
	return fieldError("non_field_errors", sentence)
}

// appendJSON appends v in the spelling of DRF's renderer: compact, only what JSON and
// JavaScript forbid in a string is escaped. v must be a type that always encodes.
func appendJSON(dst []byte, v any) []byte {
	out := bytes.NewBuffer(dst)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
