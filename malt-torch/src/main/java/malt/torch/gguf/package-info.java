/**
 * GGUF, the format of llama.cpp: one file that holds quantised weights, the model's shape and its
 * tokenizer. Nothing of LibTorch here.
 *
 * <ul>
 *   <li>What a file says: {@link GgufFile}, read through a {@link GgufCursor} that trusts no
 *       length.
 *   <li>What its numbers are: a {@link GgufType} for each kind of block.
 *   <li>What it means: a {@link GgufModel} is the same in Hugging Face's terms, with the shape by
 *       {@link GgufConfig}, the tokenizer by {@link GgufTokenizer}, and tensors' names by {@link
 *       GgufNames}.
 * </ul>
 */
@NullMarked
package malt.torch.gguf;

import org.jspecify.annotations.NullMarked;
