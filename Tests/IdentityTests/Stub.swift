import Testing
@Suite struct IdentityStubTests {}
