package fiberhttp

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"gatehouse/domain"
)

// setRetryAfter tells a program when to ask again.
func setRetryAfter(c *fiber.Ctx, throttled *domain.Throttled) {
	c.Set(fiber.HeaderRetryAfter, strconv.Itoa(retrySeconds(throttled)))
}

// heldSentence is for an account that is held: it is not free by itself at any time, so none
// is promised.
const heldSentence = "There were too many wrong passwords: ask an administrator to unlock the account."

// throttledDetail is what Django REST framework says.
func throttledDetail(throttled *domain.Throttled) string {
	const intro = "Request was throttled. "
	seconds := retrySeconds(throttled)
	switch {
	case throttled.Held:
		return intro + heldSentence
	case seconds == 1:
		return intro + "Expected available in 1 second."
	}
	return intro + "Expected available in " + strconv.Itoa(seconds) + " seconds."
}

// retrySeconds is rounded up: who comes back then is not too early.
func retrySeconds(throttled *domain.Throttled) int {
	return max(1, int((throttled.RetryAfter+time.Second-1)/time.Second))
}
