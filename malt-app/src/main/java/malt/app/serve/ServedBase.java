package malt.app.serve;

/**
 * The base that all served models share, as callers may compare it.
 *
 * @param fingerprint SHA-256 of its configuration and weights
 * @param template SHA-256 of its chat template
 * @param maxPositions prompt and answer together
 * @param started when the server was, in seconds of Unix time
 */
record ServedBase(String fingerprint, String template, int maxPositions, long started) {}
