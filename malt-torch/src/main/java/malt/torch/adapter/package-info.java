/** LoRA adapters and their files in the format of PEFT. */
@NullMarked
package malt.torch.adapter;

import org.jspecify.annotations.NullMarked;
