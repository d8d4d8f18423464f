package application_test

import (
	"testing"

	"gatehouse/application"
	"gatehouse/domain"
)

func TestCheckReadiness(t *testing.T) {
	s := open(t)
	execute(s, s.checkReadiness(), application.CheckReadinessQuery{})
	s.breakFrom(1)
	refuse(s, s.checkReadiness(), application.CheckReadinessQuery{}, domain.ErrUnavailable)
	s.repair()
	execute(s, s.checkReadiness(), application.CheckReadinessQuery{})
	s.mustAudit()
}
