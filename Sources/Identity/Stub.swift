enum IdentityStub {}
