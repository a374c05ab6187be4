// Package browsertest opens report pages in a headless Chromium and uses them
// as people do. It has no code of its own, only tests, in a module that nothing
// depends on.
//
// They want Debian's chromium and, for what is asked about accessibility,
// axe-core from npm, which is fetched and kept nowhere:
//
//	apt-get install chromium npm
//	tar -xzf "$(npm pack --silent --pack-destination /tmp axe-core)" -C /tmp package/axe.min.js
//	ONRECORD_AXE=/tmp/package/axe.min.js go test .
//
// Without chromium all of them are skipped, without ONRECORD_AXE those that ask
// axe; .ci/run has both. ONRECORD_PICTURES names a folder for pictures of the
// pages, for people to look at.
package browsertest
