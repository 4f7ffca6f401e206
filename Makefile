# Daily habits; each is a script of its own.
.PHONY: build format check test run
build:
	scripts/build-release
format:
	scripts/format
check:
	scripts/check-layering
	scripts/check-sources
	scripts/format --check
test:
	./test
run:
	./run
