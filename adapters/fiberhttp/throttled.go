package fiberhttp

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"gatehouse/domain"
)

// setRetryAfter tells a program when to try again.
func setRetryAfter(c *fiber.Ctx, throttled *domain.Throttled) {
	c.Set(fiber.HeaderRetryAfter, strconv.Itoa(retrySeconds(throttled)))
}

// heldSentence is for an account that is held. It promises no time, because waiting does not unlock
// the account.
const heldSentence = "There were too many wrong passwords: ask an administrator to unlock the account."

// throttledDetail says how long to wait in the words of Django REST framework.
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

// retrySeconds is the time to wait, at least 1 s. It is rounded up, so that nobody tries too early.
func retrySeconds(throttled *domain.Throttled) int {
	return max(1, int((throttled.RetryAfter+time.Second-1)/time.Second))
}
