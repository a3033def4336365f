namespace DigestStore.Identity;

// The names of the query parameters that say on every site where a click came from, and never which page is meant. docs/identity.md gives the
// reasons. A change of the list needs a new IdentityFingerprint.Version.
internal static class BuiltInTrackingParameters
{
    public static readonly string[] Names =
    [
        // Google
        "gclid", "gclsrc", "gbraid", "wbraid", "dclid", "gad_source", "gad_campaignid", "srsltid", "_ga", "_gl", "gci",
        "ga_source", "ga_medium", "ga_term", "ga_content", "ga_campaign", "ga_place",

        // Meta, X, Microsoft, Yandex, TikTok, LinkedIn, Pinterest, Snapchat, Reddit
        "fbclid", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "action_object_map", "action_ref_map", "action_type_map",
        "igshid", "igsh", "twclid", "msclkid", "yclid", "ysclid", "ymid", "_openstat", "erid", "ttclid", "li_fat_id", "epik", "sccid", "rdt_cid",

        // Mail and marketing suites
        "mc_cid", "mc_eid", "mc_tc", "mkt_tok", "ml_subscriber", "ml_subscriber_hash", "_hsenc", "_hsmi", "__hsfp", "__hssc", "__hstc", "hsctatracking",
        "hsa_acc", "hsa_ad", "hsa_cam", "hsa_grp", "hsa_kw", "hsa_la", "hsa_mt", "hsa_net", "hsa_ol", "hsa_src", "hsa_tgt", "hsa_ver",
        "oft_c", "oft_ck", "oft_d", "oft_id", "oft_ids", "oft_k", "oft_lk", "oft_sk", "oly_anon_id", "oly_enc_id", "vero_conv", "vero_id",
        "_cldee", "_io_session_id", "cm_me", "mindbox-click-id", "mindbox-message-key", "unicorn_click_id", "wickedid", "rb_clickid", "s_cid", "__s", "vgo_ee",

        // Web analytics
        "mtm_campaign", "mtm_cid", "mtm_content", "mtm_group", "mtm_keyword", "mtm_kwd", "mtm_medium", "mtm_placement", "mtm_source",
        "pk_campaign", "pk_cid", "pk_content", "pk_keyword", "pk_kwd", "pk_medium", "pk_source",
        "itm_campaign", "itm_content", "itm_medium", "itm_source", "itm_term", "wt_mc", "wt_zmc",

        // Affiliate networks and publishers
        "irclickid", "irgwc", "ir_adid", "ir_campaignid", "ir_partnerid", "tduid", "famad_xuid", "adjust_adgroup", "adjust_campaign", "adjust_creative",
        "adjust_tracker", "dpg_campaign", "dpg_content", "dpg_medium", "dpg_source", "guce_referrer", "guce_referrer_sig", "guccounter",
    ];
}
