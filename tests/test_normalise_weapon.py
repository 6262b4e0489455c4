"""Which class and model the words of a WEAPON span come to, and that the catalogue holds together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warwire.model.catalogue.table import CLASSES, catalogue, key_of
from warwire.model.normalise.weapon import WeaponValue, normalise_weapon

MODELS = {
    # One weapon under several names
    "Shahed-136": ("drone", "Shahed-136"),
    "Geran-2 UAVs": ("drone", "Shahed-136"),
    "Iranian-made Shahed-136/131 drones": ("drone", "Shahed-136"),
    "Kh-101s": ("cruise_missile", "Kh-101"),
    "X-101": ("cruise_missile", "Kh-101"),
    "Kinzhals": ("ballistic_missile", "Kh-47M2 Kinzhal"),
    "Kh-47M2 missile": ("ballistic_missile", "Kh-47M2 Kinzhal"),
    "Dagger hypersonic missile": ("ballistic_missile", "Kh-47M2 Kinzhal"),
    "SCALP missiles": ("cruise_missile", "Storm Shadow"),
    "Bayraktar TB2s": ("drone", "Bayraktar TB2"),
    "TB-2": ("drone", "Bayraktar TB2"),
    "SA-7s": ("air_defence", "9K32 Strela-2"),
    "Dushkas": ("small_arms", "DShK"),
    "Kalashnikovs": ("small_arms", "AK-47"),
    # Hyphen, space or neither; case, quotes, accents, Cyrillic look-alikes
    "Kh101": ("cruise_missile", "Kh-101"),
    "KH 101": ("cruise_missile", "Kh-101"),
    "Х-101": ("cruise_missile", "Kh-101"),
    "С-300": ("air_defence", "S-300"),
    "Su25": ("aircraft", "Su-25"),
    "himars": ("rocket", "HIMARS"),
    "David’s Sling": ("air_defence", "David's Sling"),
    "Bayraktar Akıncı": ("drone", "Bayraktar Akinci"),
    "Pucará": ("aircraft", "IA-58 Pucará"),
    "the “Grad”": ("rocket", "BM-21 Grad"),
    # Nationality, adjectives and calibre before it, a noun behind it
    "122-mm Grad rockets": ("rocket", "BM-21 Grad"),
    "German-made Leopards": ("tank", "Leopard 2"),
    "U.S. F-16 fighter jets": ("aircraft", "F-16 Fighting Falcon"),
    "Soviet D-30 howitzers": ("artillery", "D-30"),
    "enemy missiles Kh-59": ("cruise_missile", "Kh-59"),
    "launching installation “Grad”": ("rocket", "BM-21 Grad"),
    # Variants are their model
    "T-72B3 tanks": ("tank", "T-72"),
    "Mi-8AMTSh": ("helicopter", "Mi-8"),
    "F-16CG": ("aircraft", "F-16 Fighting Falcon"),
    # A model keeps its class whatever it fires
    "S-300 missiles": ("air_defence", "S-300"),
    "Patriot battery": ("air_defence", "Patriot"),
    "Stinger": ("air_defence", "FIM-92 Stinger"),
    "Magura V5 boats": ("drone", "Magura V5"),
    "Shahed missiles": ("drone", "Shahed"),
    # Of several models the first, of two classes the one that the noun means
    "Kh-101 and Kh-555 cruise missiles": ("cruise_missile", "Kh-101"),
    "Iskander-M or KN-23 ballistic missiles": ("ballistic_missile", "Iskander-M"),
    "MiG-31K Kinzhal missiles": ("ballistic_missile", "Kh-47M2 Kinzhal"),
    "Apache Hellfire missile": ("missile", "AGM-114 Hellfire"),
    # The longest name wins
    "Tornado-G": ("rocket", "Tornado-G"),
    "Tornado jets": ("aircraft", "Tornado"),
    "Iskander-K cruise missiles": ("cruise_missile", "Iskander-K"),
    "Iskander": ("ballistic_missile", "Iskander"),
    "Tiger helicopter": ("helicopter", "Tiger"),
    "Shahed-999": ("drone", "Shahed"),
}

CLASSES_ALONE = {
    # An unknown model has the class of its noun
    "Zhvan-9 rockets": "rocket",
    "AK-999 rifles": "small_arms",
    "MiG-99 jets": "aircraft",
    "Wasp drones": "drone",
    "Osa drones": "drone",
    # A word that is part of a name is not the name
    "extra missiles": "missile",
    "stealth jets": "aircraft",
    "scout helicopters": "helicopter",
    # What an aircraft or a ship fires is another weapon
    "F-16 bombs": "air_bomb",
    "Su-34 glide bombs": "air_bomb",
    # Drones
    "Russian drones": "drone",
    "loitering munitions": "drone",
    "UAVs": "drone",
    "quadcopter": "drone",
    "unmanned surface vessel": "drone",
    "bomb-laden drones": "drone",
    "aircraft-type UAV": "drone",
    # Missiles and rockets
    "Russian missile": "missile",
    "ballistic and cruise missiles": "missile",
    "anti-ship ballistic missiles": "ballistic_missile",
    "winged missiles": "cruise_missile",
    "anti-tank guided missile": "missile",
    "rocket launcher": "rocket",
    "multiple launch rocket system": "rocket",
    "rockets of type Falcon": "rocket",
    # Guns and what they fire
    "155mm shells": "artillery",
    "82mm rounds": "mortar",
    "12.7 mm guns": "small_arms",
    "a 120-mm mortar": "mortar",
    "mortar rounds": "mortar",
    "tank shells": "tank",
    "howitzers": "artillery",
    "small-arms": "small_arms",
    "machineguns": "small_arms",
    ".50-caliber rifles": "small_arms",
    "rocket-propelled grenades": "small_arms",
    "RPG’s": "small_arms",
    # Bombs
    "glide bombs": "air_bomb",
    "barrel bombs": "air_bomb",
    "bombs": "air_bomb",
    "500-pound bomb": "air_bomb",
    "10kg bomb": "mine_or_ied",
    "bomb": "mine_or_ied",
    "homemade bombs": "mine_or_ied",
    "car bomb": "mine_or_ied",
    "truck packed with explosives": "mine_or_ied",
    "explosives-laden pickup": "mine_or_ied",
    "IEDs": "mine_or_ied",
    "suicide vest": "mine_or_ied",
    "landmines": "mine_or_ied",
    # Vehicles, aircraft, ships
    "armored personnel carriers": "armoured_vehicle",
    "technicals": "armoured_vehicle",
    "tank destroyers": "armoured_vehicle",
    "warplanes": "aircraft",
    "gunships": "helicopter",
    "frigate": "ship",
    "USS Portland Bay": "ship",
    "gunboats": "ship",
    # Air defence
    "anti-aircraft guns": "air_defence",
    "air defenses": "air_defence",
    "interceptors": "air_defence",
    "surface-to-air missiles": "air_defence",
    "shoulder-fired missile": "air_defence",
    # Others
    "knives": "other",
    "white phosphorus shells": "other",
    "weapons": "other",
    "pickup trucks": "other",
    "drone debris": "drone",
}

NEITHER = ("", "third", "other", "…", "105", "Almirante Roa")


@pytest.mark.parametrize(("surface", "value"), MODELS.items())
def test_a_model_is_found_under_any_of_its_names(surface: str, value: tuple[str, str]) -> None:
    assert normalise_weapon(surface) == WeaponValue(*value)


@pytest.mark.parametrize(("surface", "weapon_class"), CLASSES_ALONE.items())
def test_without_a_model_the_words_tell_the_class(surface: str, weapon_class: str) -> None:
    assert normalise_weapon(surface) == WeaponValue(weapon_class, None)


@pytest.mark.parametrize("surface", NEITHER)
def test_words_that_tell_nothing_have_neither(surface: str) -> None:
    assert normalise_weapon(surface) == WeaponValue(None, None)


def test_every_alias_of_a_model_normalises_to_it() -> None:
    for weapon in catalogue():
        for alias in (weapon.name, *weapon.aliases) if weapon.kind == "model" else ():
            assert normalise_weapon(alias) == WeaponValue(weapon.weapon_class, weapon.name), alias


def test_every_generic_word_has_the_class_of_its_row() -> None:
    for weapon in catalogue():
        for alias in (weapon.name, *weapon.aliases) if weapon.kind != "model" else ():
            assert normalise_weapon(alias) == WeaponValue(weapon.weapon_class, None), alias


def test_every_name_stands_in_the_catalogue_once() -> None:
    keys = [key_of(alias) for weapon in catalogue() for alias in (weapon.name, *weapon.aliases)]
    assert sorted(keys) == sorted(set(keys))


def test_the_catalogue_is_as_large_as_promised() -> None:
    kinds = [weapon.kind for weapon in catalogue()]
    assert kinds.count("model") >= 400
    assert kinds.count("generic") >= 60


def test_every_class_has_models_and_every_model_a_source() -> None:
    models = [weapon for weapon in catalogue() if weapon.kind == "model"]
    assert {weapon.weapon_class for weapon in models} == set(CLASSES)
    assert {weapon.source for weapon in models} == {"oryx", "muc3", "general"}


@pytest.mark.parametrize(("weapon_class", "model"), [("sword", None), (None, "AK-47")])
def test_an_impossible_value_is_refused(weapon_class: str | None, model: str | None) -> None:
    with pytest.raises(ValueError, match="class"):
        WeaponValue(weapon_class, model)


@given(st.text() | st.lists(st.sampled_from((*MODELS, *CLASSES_ALONE, "with", "and", "9", "-"))).map(" ".join))
@settings(max_examples=300)
def test_no_text_raises(surface: str) -> None:
    assert isinstance(normalise_weapon(surface), WeaponValue)
