//! What widening makes of a query: the tree, printed with the other spellings in it, and what the answer says of them.

use super::super::{widen, widenings};
use super::parse;

const WIDE: &[(&str, &str)] = &[
    // Abbreviations, in any letter case, and the words they stand for.
    ("PT", r#"(PT OR "physical therapy" OR "physiotherapy")"#),
    ("pt contrast", r#"(pt OR "physical therapy" OR "physiotherapy") AND contrast"#),
    ("physical therapy", r#"(physical AND therapy OR "physiotherapy")"#),
    ("Physical Therapy.", r#"(Physical AND Therapy OR "physiotherapy")"#),
    ("physical-therapy", r#"(physical-therapy OR "physiotherapy")"#),
    ("physical AND therapy", r#"(physical AND therapy OR "physiotherapy")"#),
    ("knee physical therapy visits", r#"knee AND (physical AND therapy OR "physiotherapy") AND visits"#),
    ("therapy physical", "therapy AND physical"),
    ("physical, and knee therapy", "physical AND knee AND therapy"),
    ("OT", r#"(OT OR "occupational therapy")"#),
    ("HEP", r#"(HEP OR "home exercise program")"#),
    ("FCE", r#"(FCE OR "functional capacity evaluation" OR "functional capacity assessment")"#),
    ("DME", r#"(DME OR "durable medical equipment")"#),
    ("UR", r#"(UR OR "utilization review")"#),
    // The longest entry is the one that is meant.
    ("functional restoration program", r#"(functional AND restoration AND program OR "frp" OR "functional restoration")"#),
    ("functional restoration", r#"(functional AND restoration OR "frp")"#),
    ("contrast mri", r#"contrast AND (mri OR "magnetic resonance imaging" OR "mr imaging")"#),
    ("urine drug", "urine AND drug"),
    // Plurals, possessives and hyphens.
    ("MRIs", r#"(MRIs OR "magnetic resonance imaging" OR "mr imaging")"#),
    ("trigger point injections", r#"(trigger AND point AND injections OR "tpi")"#),
    ("tens", r#"(tens OR "transcutaneous electrical nerve stimulation" OR "transcutaneous electrical nerve stimulator")"#),
    ("ten", r#"(ten OR "10")"#),
    ("x-ray", r#"(x-ray OR "xray" OR "radiograph" OR "roentgenogram")"#),
    ("xray", r#"(xray OR "x-ray" OR "radiograph" OR "roentgenogram")"#),
    ("x ray", r#"(x AND ray OR "xray" OR "radiograph" OR "roentgenogram")"#),
    ("PHQ-9", r#"(PHQ-9 OR "patient health questionnaire")"#),
    ("EMG/NCV", r#"(EMG/NCV OR "emg/ncs" OR "ncv/emg" OR "ncs/emg")"#),
    ("EMG NCV", r#"(EMG AND NCV OR "emg/ncs" OR "ncv/emg" OR "ncs/emg")"#),
    // Function words are part of an entry.
    ("range of motion", r#"(range of motion OR "rom")"#),
    ("contrast range of motion", r#"contrast AND (range of motion OR "rom")"#),
    ("activities of daily living", r#"(activities of daily AND living OR "adl" OR "activity of daily living")"#),
    ("range motion", "range AND motion"),
    (
        "PT after surgery",
        r#"(PT OR "physical therapy" OR "physiotherapy") AND (after surgery OR "postop" OR "post-op" OR "postoperative" OR "post-operative" OR "postsurgical" OR "post-surgical" OR "following surgery")"#,
    ),
    ("of surgery", r#"of (surgery OR "operation" OR "surgical" OR "operative")"#),
    // What lay people say.
    ("low back pain", r#"(low AND back AND pain OR "lbp" OR "lower back pain")"#),
    ("low back brace", r#"(low AND back OR "lower back" OR "lumbar" OR "lumbosacral") AND (brace OR "orthosis" OR "orthoses")"#),
    ("ortho eval", r#"(ortho OR "orthopedic" OR "orthopaedic") AND (eval OR "evaluation")"#),
    ("ankle f/u", r#"ankle AND (f/u OR "follow-up" OR "followup")"#),
    ("neck", r#"(neck OR "cervical")"#),
    ("LE swelling", r#"(LE OR "lower extremity") AND (swelling OR "edema")"#),
    ("le", "le"),
    ("six", r#"(six OR "6")"#),
    ("6", r#"(6 OR "six")"#),
    ("10% #10", "10% AND #10"),
    // Drugs: a brand finds its generic, a generic its brands.
    ("Norco", r#"(Norco OR "hydrocodone")"#),
    ("norco: 10/325mg #60", r#"(norco OR "hydrocodone") AND 10/325mg AND #60"#),
    ("Flexeril", r#"(Flexeril OR "cyclobenzaprine")"#),
    ("Voltaren gel", r#"(Voltaren OR "diclofenac") AND gel"#),
    ("oxymorphone", r#"(oxymorphone OR "opana")"#),
    ("tizanidine", r#"(tizanidine OR "zanaflex")"#),
    ("ultracet", r#"(ultracet OR "tramadol")"#),
    ("tylenol 3", r#"(tylenol AND 3 OR "codeine")"#),
    ("pentazocine/naloxone", "pentazocine/naloxone"),
    // Beside `-` nothing is widened, nor in quotes, beginnings and values.
    ("-norco", "NOT norco"),
    ("contrast @pt", "contrast AND @pt"),
    ("contrast -mri", "contrast AND NOT mri"),
    ("MRI -(ct OR emg)", r#"(MRI OR "magnetic resonance imaging" OR "mr imaging") AND NOT (ct OR emg)"#),
    (r#""PT""#, r#""PT""#),
    (r#""physical therapy""#, r#""physical therapy""#),
    ("pt*", "pt*"),
    ("case:CM16-0213037", "case:CM16-0213037"),
    ("specialty:pt", "specialty:pt"),
    ("overturned", "outcome:overturned"),
    ("*", "*"),
    // In a field of words the other spellings are of that field.
    ("item:PT", r#"(item:PT OR item:"physical therapy" OR item:"physiotherapy")"#),
    ("item:(physical therapy)", r#"(item:physical AND item:therapy OR item:"physiotherapy")"#),
    ("item:physical therapy", "item:physical AND therapy"),
    ("physical rationale:therapy", "physical AND rationale:therapy"),
    ("item:(norco OR soma)", r#"(item:norco OR item:"hydrocodone") OR (item:soma OR item:"carisoprodol")"#),
    // Where an abbreviation means one thing in one field and another in another.
    (
        "item:RFA rhizo",
        r#"(item:RFA OR item:"radiofrequency ablation" OR item:"radio frequency ablation" OR item:"radiofrequency neurotomy" OR item:"radiofrequency rhizotomy" OR item:"radiofrequency neurolysis") AND rhizo"#,
    ),
    ("summary:RFA", r#"(summary:RFA OR summary:"request for authorization")"#),
    ("request for authorization", r#"(request for authorization OR summary:"rfa")"#),
    ("item:er", r#"(item:er OR item:"extended release")"#),
    ("ER", r#"(ER OR item:"extended release")"#),
    // In capitals alone.
    ("MED", r#"(MED OR "morphine equivalent dose")"#),
    ("pain med", "pain AND med"),
    ("SAD", r#"(SAD OR "subacromial decompression")"#),
    ("sad", "sad"),
    // What is asked for anyway is not another spelling of something else.
    ("zanaflex tizanidine", "zanaflex AND tizanidine"),
    ("PT OR physical therapy", r#"(PT OR "physiotherapy") OR (physical AND therapy OR "physiotherapy")"#),
    (r#"MRI OR "magnetic resonance imaging""#, r#"(MRI OR "mr imaging") OR "magnetic resonance imaging""#),
    ("norco -hydrocodone", "norco AND NOT hydrocodone"),
    // Alternatives and groups are widened within.
    (
        "(mri OR ct) contrast",
        r#"((mri OR "magnetic resonance imaging" OR "mr imaging") OR (ct OR "computed tomography" OR "cat scan" OR "computerized tomography" OR "computerised tomography")) AND contrast"#,
    ),
    ("nothing known here", "nothing AND known AND here"),
    // Beside a connector too.
    ("Norco /5 relief", r#"(Norco OR "hydrocodone") /5 relief"#),
    ("item:(norco /s soma)", r#"item:((norco OR "hydrocodone") /s (soma OR "carisoprodol"))"#),
    ("\"norco\" /5 relief", r#""norco" /5 relief"#),
];

#[test]
fn every_query_is_widened_as_the_table_says() {
    for (written, wide) in WIDE {
        assert_eq!(widen(parse(written).unwrap()).to_string(), *wide, "{written}");
    }
    assert!(WIDE.len() >= 60, "{} rows", WIDE.len());
}

#[test]
fn a_query_is_not_changed_beneath_its_widenings() {
    for (written, _) in WIDE {
        let query = parse(written).unwrap();
        assert_eq!(widen(query.clone()).narrow(), query, "{written}");
    }
}

#[test]
fn the_answer_names_each_widening_and_where_it_holds() {
    let said = |written: &str| -> Vec<String> {
        let all = widenings(&widen(parse(written).unwrap()));
        let one = |w: &super::super::Widening| {
            let fields: Vec<_> = w.fields.iter().map(|f| f.name).collect();
            format!("{} = {} @ {}", w.word, w.also.join(", "), fields.join(", "))
        };
        all.iter().map(one).collect()
    };
    assert_eq!(said("PT for the spine"), ["PT = physical therapy, physiotherapy @ "]);
    assert_eq!(said("physical therapy HEP"), ["physical therapy = physiotherapy @ ", "HEP = home exercise program @ "]);
    assert_eq!(said("item:(physical therapy)"), ["item:(physical therapy) = physiotherapy @ "]);
    assert_eq!(said("item:OT"), ["item:OT = occupational therapy @ "]);
    assert_eq!(said("ER"), ["ER = extended release @ item"]);
    assert_eq!(said("rhizotomy"), ["rhizotomy = neurotomy @ item, rationale, guideline"]);
    assert_eq!(said("contrast -PT"), [""; 0]);
}
