package malt.torch.text;

/**
 * A piece of text to encode.
 *
 * @param trusted whether the template wrote it, so that names of special tokens in it are special
 */
record TextSpan(String text, boolean trusted) {}
