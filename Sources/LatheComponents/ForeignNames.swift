extension ExperimentSpec {
    /// Names from nanoGPT, PyTorch, Hugging Face's trainer and its models' configurations.
    public static let foreignNames: [String: [String]] = {
        let names: KeyValuePairs<String, String> = [
            "model.layers": "n_layer n_layers num_layers nlayers num_hidden_layers depth",
            "model.heads": "n_head n_heads num_heads nhead nheads num_attention_heads",
            "model.width":
                "n_embd n_embed d_model dim emb_dim embed_dim embedding_dim embedding_size hidden_dim hidden_size",
            "model.embedding_size": "n_embd n_embed emsize emb_dim embed_dim embedding_dim width",
            "model.hidden_size": "nhid hidden_dim rnn_size d_model n_embd width",
            "model.dropout": "dropout drop_rate p_dropout resid_pdrop embd_pdrop attn_pdrop",
            "model.biases": "bias",
            "model.tied_embeddings": "tied tie_weights tie_embeddings tie_word_embeddings weight_tying",
            "training.context":
                "block_size seq_len seq_length sequence_length context_length context_size max_seq_len max_length "
                + "n_ctx n_positions bptt",
            "training.batch_size": "bs batch_size train_batch_size per_device_train_batch_size",
            "training.micro_batch_size": "gradient_accumulation_steps grad_accum accumulate_grad_batches",
            "training.steps": "max_iters max_steps num_steps n_steps total_steps iters iterations num_iterations steps",
            "training.epochs": "epochs n_epochs num_epochs max_epochs num_train_epochs",
            "optimizer.learning_rate": "lr learning_rate max_lr peak_lr",
            "optimizer.weight_decay": "wd weight_decay",
            "optimizer.betas": "betas beta1 beta2 adam_beta1 adam_beta2",
            "optimizer.epsilon": "eps adam_eps adam_epsilon",
            "optimizer.momentum": "momentum",
            "schedule.warmup_steps": "warmup warmup_iters warmup_steps num_warmup_steps",
            "schedule.final_fraction": "min_lr eta_min lr_min",
            "schedule": "lr_scheduler lr_scheduler_type scheduler decay_lr",
            "clipping.maximum": "grad_clip clip grad_norm_clip max_grad_norm gradient_clip_val clip_grad_norm",
            "validation.every": "eval_interval eval_every eval_steps val_every val_check_interval",
            "validation.scope": "eval_iters eval_batches limit_val_batches",
            "checkpoints.every": "save_every save_steps save_interval ckpt_interval",
            "checkpoints.keep": "save_total_limit save_top_k",
            "samples.every": "sample_every sample_interval",
            "samples.tokens": "max_new_tokens",
            "samples.prompt": "start",
            "samples.temperature": "temperature",
            "samples.top_k": "top_k",
            "compute.precision": "dtype fp16 bf16 amp mixed_precision",
            "compute.threads": "num_threads n_threads",
            "data.source": "dataset data_dir",
            "tokenizer.vocabulary_size": "vocab_size",
            "stopping.validations": "patience early_stopping_patience",
        ]
        var meanings: [String: [String]] = [:]
        for (key, others) in names {
            for other in others.split(separator: " ") { meanings[String(other), default: []].append(key) }
        }
        return meanings
    }()
}
