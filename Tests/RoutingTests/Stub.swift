import Testing
@Suite struct RoutingStubTests {}
