package apptest

import (
	"gatehouse/adapters/memory"
	"gatehouse/application/audit"
	"gatehouse/application/credentials"
	"gatehouse/application/roster"
	"gatehouse/application/signin"
	"gatehouse/application/upkeep"
	"gatehouse/ports"
)

// The use cases, each over the one store of the shop. They take the policy as it is when
// they are made.

func (s *Shop) ObtainTokens() *signin.ObtainTokens {
	return signin.NewObtainTokens(s.Front, s.Passwords, memory.Subjects{}, &s.tokens, s.Signer, s.devices, s.Clock.Now, s.sessionID, s.tokenID, s.deviceID, s.Policy)
}

func (s *Shop) RefreshAccess() *signin.RefreshAccess {
	return signin.NewRefreshAccess(s.Front, &s.tokens, s.Signer, s.Clock.Now, s.sessionID, s.tokenID, &s.refusals, s.Policy)
}

func (s *Shop) VerifyToken() *signin.VerifyToken {
	return signin.NewVerifyToken(s.Front, &s.tokens, s.Clock.Now, s.Policy)
}

func (s *Shop) SignOut() *signin.SignOut {
	return signin.NewSignOut(s.Front, &s.tokens, s.Clock.Now, s.sessionID, s.Policy)
}

func (s *Shop) BlacklistToken() *signin.BlacklistToken {
	return signin.NewBlacklistToken(s.Front, &s.tokens, s.Clock.Now, s.sessionID, &s.refusals, s.Policy)
}

func (s *Shop) RenewAccess() *signin.RenewAccess {
	return signin.NewRenewAccess(s.Front, &s.tokens, s.Signer, s.Clock.Now, s.tokenID, s.Policy)
}

func (s *Shop) FindDueChange() *signin.FindDueChange {
	return signin.NewFindDueChange(s.Front, s.devices, s.Clock.Now, s.Policy)
}

func (s *Shop) CurrentStaff() *signin.CurrentStaff {
	return signin.NewCurrentStaff(s.Front, &s.tokens, s.Clock.Now, s.Policy)
}

func (s *Shop) GuardRequest() *signin.GuardRequest { return signin.NewGuardRequest(s.Policy) }

func (s *Shop) ChangePassword() *credentials.ChangePassword {
	return credentials.NewChangePassword(s.Front, s.Passwords, s.rules(), memory.Subjects{}, &s.tokens, s.devices, s.mailID, s.Clock.Now, &s.refusals, s.Policy)
}

func (s *Shop) RequestPasswordReset() *credentials.RequestPasswordReset {
	return credentials.NewRequestPasswordReset(s.Front, memory.Subjects{}, s.linkToken, s.mailID, outboxKey, s.Clock.Now, s.Policy)
}

func (s *Shop) ConfirmPasswordReset() *credentials.ConfirmPasswordReset {
	return credentials.NewConfirmPasswordReset(s.Front, s.Passwords, s.rules(), s.mailID, s.Clock.Now, &s.refusals, s.Policy)
}

func (s *Shop) IssueLink() *credentials.IssueLink {
	return credentials.NewIssueLink(s.Front, s.linkToken, s.mailID, outboxKey, s.Clock.Now, s.Policy)
}

func (s *Shop) DeliverMail(mailer ports.Mailer) *credentials.DeliverMail {
	return credentials.NewDeliverMail(s.Front, mailer, outboxKey, s.Clock.Now, s.Policy)
}

func (s *Shop) ForgetLinks() *upkeep.ForgetLinks {
	return upkeep.NewForgetLinks(s.Front, &s.Store, s.Clock.Now)
}

func (s *Shop) CheckReadiness() *upkeep.CheckReadiness {
	return upkeep.NewCheckReadiness(&s.Store)
}

func (s *Shop) ImportStaff() *roster.ImportStaff {
	return roster.NewImportStaff(s.Front, &s.Hasher, s.Clock.Now, s.Policy)
}

func (s *Shop) AddStaff() *roster.AddStaff {
	return roster.NewAddStaff(s.Front, s.Clock.Now, s.StaffID)
}

func (s *Shop) ListStaff() *roster.ListStaff { return roster.NewListStaff(s.Front, s.Clock.Now) }

func (s *Shop) ShowStaff() *roster.ShowStaff {
	return roster.NewShowStaff(s.Front, s.Clock.Now, s.Policy)
}

func (s *Shop) UnlockStaff() *roster.UnlockStaff {
	return roster.NewUnlockStaff(s.Front, s.Clock.Now)
}

func (s *Shop) ForgetFailures() *upkeep.ForgetFailures {
	return upkeep.NewForgetFailures(s.Front, &s.Store, s.Clock.Now, s.Policy)
}

func (s *Shop) SetPassword() *credentials.SetPassword {
	return credentials.NewSetPassword(s.Front, s.Passwords, s.rules(), s.mailID, s.Clock.Now, s.Policy)
}

func (s *Shop) ActivateStaff() *roster.ActivateStaff {
	return roster.NewActivateStaff(s.Front, s.Clock.Now, s.Policy)
}

func (s *Shop) DeactivateStaff() *roster.DeactivateStaff {
	return roster.NewDeactivateStaff(s.Front, s.Clock.Now)
}

func (s *Shop) RequirePasswordReset() *credentials.RequirePasswordReset {
	return credentials.NewRequirePasswordReset(s.Front, s.mailID, s.Clock.Now, s.Policy)
}

func (s *Shop) RequirePasswordResets() *credentials.RequirePasswordResets {
	return credentials.NewRequirePasswordResets(s.Front, &s.Hasher, s.mailID, s.Clock.Now, s.Policy)
}

func (s *Shop) LeaveStaff() *roster.LeaveStaff {
	return roster.NewLeaveStaff(s.Front, s.Clock.Now, s.Policy)
}

func (s *Shop) DeleteStaff() *roster.DeleteStaff {
	return roster.NewDeleteStaff(s.Front, s.Clock.Now)
}

func (s *Shop) ListAuditEvents() *audit.ListAuditEvents {
	return audit.NewListAuditEvents(s.Front, s.Clock.Now)
}

func (s *Shop) rules() *credentials.PasswordRules {
	return credentials.NewPasswordRules(s.Passwords, memory.Blocklist{}, &s.Breached, s.Policy)
}
