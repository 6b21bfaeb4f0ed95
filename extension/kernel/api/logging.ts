// Lines for the log and for files of /proc.
import { returnsNothing } from '../rows.js';
import type { Topic } from '../topic.js';

export const logging: Topic = {
  contracts: [
    ...returnsNothing(
      `printk pr_emerg pr_alert pr_crit pr_err pr_warn pr_notice pr_info pr_cont pr_debug pr_devel pr_err_once pr_warn_once
     pr_info_once pr_notice_once pr_debug_once pr_err_ratelimited pr_warn_ratelimited pr_info_ratelimited pr_notice_ratelimited
     pr_debug_ratelimited dev_err dev_warn dev_notice dev_info dev_dbg dev_err_once dev_warn_once dev_err_ratelimited
     dev_warn_ratelimited dump_stack seq_printf seq_puts seq_putc seq_escape seq_show_option`,
      'include/linux/printk.h, include/linux/seq_file.h',
    ),
  ],
};
