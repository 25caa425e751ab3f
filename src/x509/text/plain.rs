//! Characters that are prepared one by one, as nearly all of the names that people use are.

/// What a character becomes by RFC 4518, if that does not depend on those beside it, and they do
/// not depend on it. A test compares this with all steps of the RFC.
pub(in crate::x509) fn plain(character: char) -> Option<char> {
    let moved = |by: u32| char::from_u32(u32::from(character).wrapping_add(by));
    let code_point = u32::from(character);
    match character {
        ' '..='~' => Some(character.to_ascii_lowercase()),
        // Latin-1.
        'à'..='ö' | 'ø'..='ÿ' => Some(character),
        'À'..='Ö' | 'Ø'..='Þ' => moved(0x20),
        // Latin Extended-A, where upper and lower case take turns.
        '\u{130}'..='\u{133}' | '\u{138}' | '\u{13f}' | '\u{140}' | '\u{149}' => None,
        '\u{100}'..='\u{137}' | '\u{14a}'..='\u{177}' => moved(1 & !code_point),
        '\u{139}'..='\u{148}' | '\u{179}'..='\u{17e}' => moved(1 & code_point),
        // Romanian, Vietnamese.
        '\u{218}'..='\u{21b}' | 'Ơ'..='ơ' => moved(1 & !code_point),
        'Ư'..='ư' => moved(1 & code_point),
        '\u{1e00}'..='\u{1e95}' | '\u{1ea0}'..='\u{1ef9}' => moved(1 & !code_point),
        // Greek.
        'ά'..='ί' | 'α'..='ρ' | 'σ'..='ώ' => Some(character),
        'Α'..='Ρ' | 'Σ'..='Ϋ' => moved(0x20),
        // Cyrillic.
        'а'..='џ' => Some(character),
        'А'..='Я' => moved(0x20),
        'Ѐ'..='Џ' => moved(0x50),
        // Hebrew, Arabic; kana, Han, Hangul.
        'א'..='ת' | 'ء'..='غ' | 'ف'..='ي' | 'پ' | 'چ' | 'ژ' | 'ک' | 'گ' | 'ی' => {
            Some(character)
        }
        'ぁ'..='ゔ' | 'ァ'..='ヴ' | 'ー' | '々' | '一'..='龥' | '가'..='힣' => {
            Some(character)
        }
        _ => None,
    }
}
