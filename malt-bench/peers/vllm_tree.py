"""The tree workload on vLLM's CPU build; its own Python runs it: see --help."""

import os

import workload


def main():
    options = workload.arguments(__doc__).parse_args()
    os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "4")
    os.environ.setdefault("VLLM_CPU_OMP_THREADS_BIND", f"0-{options.threads - 1}")
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "ERROR")
    os.environ["HF_HUB_OFFLINE"] = "1"
    from vllm import LLM, SamplingParams  # reads the variables above

    model = LLM(
        model=options.model,
        dtype=options.dtype,
        skip_tokenizer_init=True,
        enable_prefix_caching=True,
        max_model_len=2048,
        max_num_seqs=256,
    )

    def sample(prompts, samples, new_tokens, temperature):
        outputs = model.generate(
            [{"prompt_token_ids": prompt} for prompt in prompts],
            SamplingParams(
                n=samples,
                temperature=temperature,
                max_tokens=new_tokens,
                ignore_eos=True,
                detokenize=False,
            ),
            use_tqdm=False,
        )
        return [[list(completion.token_ids) for completion in output.outputs] for output in outputs]

    workload.run(options, sample)


if __name__ == "__main__":
    main()
