-- Did offering a written hearing save time?
--
-- Days from two weeks after preparation (setting landmark_days) to the first decision, of who had been
-- offered one by then and of who had not, averaged over at most 365 days. Gain = not offered - offered, with
-- its 95% interval; below 0 it cost time. The first row pools all strata with ten or more cases in both arms,
-- weighted by who was offered; the others are these strata. It compares like with like by what is registered;
-- other reasons for offering remain possible.
--
-- columns: stratum, application_kind, nationality_group, complexity, quarter_start, offered_count,
--     not_offered_count, offered_mean_days, not_offered_mean_days, gain_days, gain_low, gain_high,
--     hearing_gain_days, fallback_share, offered_overturned_share, not_offered_overturned_share
-- marts: fct_hearing_mode
select
    stratum,
    application_kind,
    nationality_group,
    complexity,
    quarter_start,
    offered_count,
    not_offered_count,
    round(offered_mean_days, 1) as offered_mean_days,
    round(not_offered_mean_days, 1) as not_offered_mean_days,
    round(gain_days, 1) as gain_days,
    round(gain_low, 1) as gain_low,
    round(gain_high, 1) as gain_high,
    round(hearing_gain_days, 1) as hearing_gain_days,
    round(fallback_share, 3) as fallback_share,
    round(offered_overturned_share, 3) as offered_overturned_share,
    round(not_offered_overturned_share, 3) as not_offered_overturned_share
from marts.fct_hearing_mode
where stratum = 'pooled' or overlap
order by
    stratum desc,
    offered_count desc,
    quarter_start asc,
    application_kind asc,
    nationality_group asc,
    complexity asc
