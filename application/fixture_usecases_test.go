package application_test

import (
	"gatehouse/adapters/memory"
	"gatehouse/application"
	"gatehouse/ports"
)

// The use cases, each over the one store of the shop. They take the policy as it is when
// they are made.

func (s *shop) obtainTokens() *application.ObtainTokens {
	return application.NewObtainTokens(s.front, s.passwords, memory.Subjects{}, &s.tokens, &s.tokens, s.devices, s.clock.Now, s.sessionID, s.tokenID, s.deviceID, s.policy)
}

func (s *shop) refreshAccess() *application.RefreshAccess {
	return application.NewRefreshAccess(s.front, &s.tokens, &s.tokens, s.clock.Now, s.sessionID, s.tokenID, &s.refusals, s.policy)
}

func (s *shop) verifyToken() *application.VerifyToken {
	return application.NewVerifyToken(s.front, &s.tokens, s.clock.Now, s.policy)
}

func (s *shop) signOut() *application.SignOut {
	return application.NewSignOut(s.front, &s.tokens, s.clock.Now, s.sessionID, s.policy)
}

func (s *shop) blacklistToken() *application.BlacklistToken {
	return application.NewBlacklistToken(s.front, &s.tokens, s.clock.Now, s.sessionID, &s.refusals, s.policy)
}

func (s *shop) renewAccess() *application.RenewAccess {
	return application.NewRenewAccess(s.front, &s.tokens, &s.tokens, s.clock.Now, s.tokenID, s.policy)
}

func (s *shop) currentStaff() *application.CurrentStaff {
	return application.NewCurrentStaff(s.front, &s.tokens, s.clock.Now, s.policy)
}

func (s *shop) changePassword() *application.ChangePassword {
	return application.NewChangePassword(s.front, s.passwords, s.rules(), memory.Subjects{}, &s.tokens, s.devices, s.mailID, s.clock.Now, &s.refusals, s.policy)
}

func (s *shop) requestReset() *application.RequestPasswordReset {
	return application.NewRequestPasswordReset(s.front, memory.Subjects{}, s.linkToken, s.mailID, outboxKey, s.clock.Now, s.policy)
}

func (s *shop) confirmReset() *application.ConfirmPasswordReset {
	return application.NewConfirmPasswordReset(s.front, s.passwords, s.rules(), s.mailID, s.clock.Now, &s.refusals, s.policy)
}

func (s *shop) issueLink() *application.IssueLink {
	return application.NewIssueLink(s.front, s.linkToken, s.mailID, outboxKey, s.clock.Now, s.policy)
}

func (s *shop) deliverMail(mailer ports.Mailer) *application.DeliverMail {
	return application.NewDeliverMail(s.front, mailer, outboxKey, s.clock.Now, s.policy)
}

func (s *shop) forgetLinks() *application.ForgetLinks {
	return application.NewForgetLinks(s.front, &s.store, s.clock.Now)
}

func (s *shop) checkReadiness() *application.CheckReadiness {
	return application.NewCheckReadiness(&s.store)
}

func (s *shop) importStaff() *application.ImportStaff {
	return application.NewImportStaff(s.front, &s.hasher, s.clock.Now, s.policy)
}

func (s *shop) addStaff() *application.AddStaff {
	return application.NewAddStaff(s.front, s.clock.Now, s.staffID)
}

func (s *shop) listStaff() *application.ListStaff { return application.NewListStaff(s.front) }

func (s *shop) showStaff() *application.ShowStaff {
	return application.NewShowStaff(s.front, s.clock.Now, s.policy)
}

func (s *shop) unlockStaff() *application.UnlockStaff {
	return application.NewUnlockStaff(s.front, s.clock.Now)
}

func (s *shop) forgetFailures() *application.ForgetFailures {
	return application.NewForgetFailures(s.front, &s.store, s.clock.Now, s.policy)
}

func (s *shop) setPassword() *application.SetPassword {
	return application.NewSetPassword(s.front, s.passwords, s.rules(), s.mailID, s.clock.Now, s.policy)
}

func (s *shop) activateStaff() *application.ActivateStaff {
	return application.NewActivateStaff(s.front, s.clock.Now, s.policy)
}

func (s *shop) deactivateStaff() *application.DeactivateStaff {
	return application.NewDeactivateStaff(s.front, s.clock.Now)
}

func (s *shop) requirePasswordReset() *application.RequirePasswordReset {
	return application.NewRequirePasswordReset(s.front, s.mailID, s.clock.Now, s.policy)
}

func (s *shop) requirePasswordResets() *application.RequirePasswordResets {
	return application.NewRequirePasswordResets(s.front, &s.hasher, s.mailID, s.clock.Now, s.policy)
}

func (s *shop) leaveStaff() *application.LeaveStaff {
	return application.NewLeaveStaff(s.front, s.clock.Now, s.policy)
}

func (s *shop) deleteStaff() *application.DeleteStaff {
	return application.NewDeleteStaff(s.front, s.clock.Now)
}

func (s *shop) listAuditEvents() *application.ListAuditEvents {
	return application.NewListAuditEvents(s.front)
}

func (s *shop) rules() *application.PasswordRules {
	return application.NewPasswordRules(s.passwords, memory.Blocklist{}, &s.breached, s.policy)
}
