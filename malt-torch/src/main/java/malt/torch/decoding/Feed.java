package malt.torch.decoding;

/**
 * Tokens that a forward appends to a node.
 *
 * @param node grows by them; its ancestors do not grow any more
 * @param tokens (T), T > 0
 */
public record Feed(KeyValueNode node, int[] tokens) {}
