import Testing
@Suite struct MeteringStubTests {}
