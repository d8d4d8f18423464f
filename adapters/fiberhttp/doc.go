// Package fiberhttp is the service as HTTP clients see it.
//
// Every path is served under two roots and with or without a trailing slash; see
// routes.go, the one list of them. A handler turns a request into a command, calls a use
// case and turns the result into an answer; its file is named like the use case. What is
// common to all stands in one place each:
//
//   - server.go: limits, timeouts, the order of what surrounds a handler;
//   - body.go, fields.go: reading bodies as Django REST framework does, but strictly;
//   - problems.go: which error is answered by which status, code and sentence;
//   - cookies.go: every attribute of every cookie, and reading them;
//   - crosssite.go: which requests of web pages are refused, and CORS;
//   - client_address.go: whose address counts behind proxies;
//   - headers.go: what every answer carries;
//   - page.go and its neighbours: the pages for people, from the templates and texts in the
//     folder pages; page_problem.go says who gets a page when something goes wrong.
//
// Fiber's own defaults that are overridden: it believes X-Forwarded-For, inflates bodies,
// sets no timeouts, matches paths without case, and answers errors in plain text. Values
// that it hands out are valid only while the request lasts, so whatever goes into a
// command is copied.
package fiberhttp
