package fiberhttp

import (
	"fmt"
	"runtime"

	"github.com/gofiber/fiber/v2"

	"gatehouse/adapters/fiberhttp/body"
)

// send answers with a body that is JSON already.
func send(c *fiber.Ctx, status int, content []byte) error {
	c.Response().Header.SetContentType(jsonType)
	return c.Status(status).Send(content)
}

// sendJSON answers with v as compact JSON.
func sendJSON(c *fiber.Ctx, v any) error {
	return send(c, fiber.StatusOK, body.AppendJSON(nil, v))
}

// empty is the body of an answer that has nothing to say but that it went well.
type empty struct{}

// describePanic tells as much of a panic as cannot hold a secret.
func describePanic(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("a value of type %T", cause)
}
