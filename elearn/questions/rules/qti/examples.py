"""Small sound items of both versions, for the contract test of all formats."""

from __future__ import annotations

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="%s" title="%s"'
    ' adaptive="false" timeDependent="false">\n'
)
_CHOICE = (
    _HEAD % ("sum-1", "A sum")
    + """<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
  <correctResponse><value>four</value></correctResponse>
</responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody>
  <p>Two and two are <strong>how many</strong>?</p>
  <choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">
    <prompt>Choose one.</prompt>
    <simpleChoice identifier="three">3</simpleChoice>
    <simpleChoice identifier="four">4</simpleChoice>
    <simpleChoice identifier="none" fixed="true">none of these</simpleChoice>
  </choiceInteraction>
</itemBody>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>
</assessmentItem>
"""
)
_GAPS = (
    _HEAD % ("gaps-1", "Gaps")
    + """<responseDeclaration identifier="ONE" cardinality="single" baseType="string">
  <correctResponse><value>two</value></correctResponse>
  <mapping defaultValue="0"><mapEntry mapKey="two" mappedValue="1" caseSensitive="false"/><mapEntry mapKey="2" mappedValue="0.5"/></mapping>
</responseDeclaration>
<responseDeclaration identifier="TWO" cardinality="single" baseType="identifier">
  <correctResponse><value>b</value></correctResponse>
</responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody>
  <p>One and one are <textEntryInteraction responseIdentifier="ONE"/>, and a triangle has
  <inlineChoiceInteraction responseIdentifier="TWO" shuffle="false"><inlineChoice identifier="a">two</inlineChoice
  ><inlineChoice identifier="b">three</inlineChoice></inlineChoiceInteraction> sides.</p>
</itemBody>
<responseProcessing>
  <setOutcomeValue identifier="SCORE"><mapResponse identifier="ONE"/></setOutcomeValue>
  <responseCondition><responseIf>
    <match><variable identifier="TWO"/><correct identifier="TWO"/></match>
    <setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/><baseValue baseType="float">1</baseValue></sum></setOutcomeValue>
  </responseIf></responseCondition>
</responseProcessing>
</assessmentItem>
"""
)
_NEW = """<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="match-1" title="Pairs" adaptive="false"
  time-dependent="false">
<qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="directedPair">
  <qti-correct-response><qti-value>a x</qti-value><qti-value>b y</qti-value></qti-correct-response>
  <qti-mapping default-value="0"><qti-map-entry map-key="a x" mapped-value="1"/><qti-map-entry map-key="b y" mapped-value="1"/></qti-mapping>
</qti-response-declaration>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
<qti-item-body>
  <qti-match-interaction response-identifier="RESPONSE" shuffle="true" max-associations="2">
    <qti-prompt>Match.</qti-prompt>
    <qti-simple-match-set>
      <qti-simple-associable-choice identifier="a" match-max="1">1 + 1</qti-simple-associable-choice>
      <qti-simple-associable-choice identifier="b" match-max="1">1 + 2</qti-simple-associable-choice>
    </qti-simple-match-set>
    <qti-simple-match-set>
      <qti-simple-associable-choice identifier="x" match-max="1">two</qti-simple-associable-choice>
      <qti-simple-associable-choice identifier="y" match-max="1">three</qti-simple-associable-choice>
      <qti-simple-associable-choice identifier="z" match-max="1">four</qti-simple-associable-choice>
    </qti-simple-match-set>
  </qti-match-interaction>
</qti-item-body>
<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response.xml"/>
</qti-assessment-item>
"""
OF_VERSION_2 = (_CHOICE.encode(), _GAPS.encode())
OF_VERSION_3 = (_NEW.encode(),)
