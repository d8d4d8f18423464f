// Package fiberhttp is the service as HTTP clients see it.
//
// A request goes through these files in this order:
//
//   - server.go: limits, timeouts, and what surrounds every handler;
//   - routes.go: the one list of paths. Each path is there under two roots and with or without a
//     trailing slash;
//   - crosssite.go: which requests of web pages are refused, and CORS;
//   - request.go, cookies.go, client_address.go: what a request says: its fields, tokens and cookies,
//     and which address counts behind proxies;
//   - the handler: it turns the request into a command, calls a use case, and answers with the result.
//     Its file is named like the use case. use_cases.go lists them all;
//   - page_*.go: the handlers of pages for people. page_answer.go is what they share, page_faults.go
//     says on a form what went wrong, and page_problem.go decides who gets a page after an error;
//   - guard.go: the answers to reverse proxies, at a listener of their own; guard_original.go reads which
//     request a proxy asks about, and guard_denied.go answers the client of a refused request;
//   - problems.go: the status, code and sentence for each error;
//   - headers.go: what every answer carries;
//   - access_log.go: the one line of the log.
//
// Four rooms know nothing of the server. [gatehouse/adapters/fiberhttp/body] reads bodies as Django
// REST framework does, but strictly. [gatehouse/adapters/fiberhttp/intake] protects connections.
// [gatehouse/adapters/fiberhttp/pages] renders pages from templates and texts.
// [gatehouse/adapters/fiberhttp/proof] proves to the check of the reverse proxy that Gatehouse has answered.
//
// Some of Fiber's defaults are overridden: it believes X-Forwarded-For, inflates bodies, sets no
// timeouts, ignores the case of paths, and answers errors in plain text. Values that it hands out are
// valid only during the request, so everything in a command is a copy.
package fiberhttp
